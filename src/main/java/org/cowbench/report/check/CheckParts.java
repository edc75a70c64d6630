package org.cowbench.report.check;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Parts of a check, of one machine each, and the whole that they are.
 *
 * <p>A part is the {@linkplain CheckJson object} of the policies in it, and {@code shard}: its {@code index}, {@code of} how
 * many, the {@code arguments} that results depend on, {@code policies} (the ids of all, in order) and the exit
 * {@code status}.
 */
public final class CheckParts {
    private static final ObjectMapper MAPPER = JsonMapper.builder()
            .enable(SerializationFeature.INDENT_OUTPUT)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();
    /** Where parts of one check must agree. */
    private static final Map<String, String> SAME = Map.of(
            "/version", "version of cowbench",
            "/commit", "commit",
            "/dirty", "state of the sources (with or without uncommitted changes)",
            "/shard/of", "number of shards",
            "/shard/arguments", "arguments",
            "/shard/policies", "policies");

    private CheckParts() {}

    /**
     * The whole.
     *
     * @param text one JSON object, as the check would have printed it but for the times and memory of its searches; its last line ended
     * @param statuses the exit statuses of the parts, in their order
     * @param dirty whether the sources had changes that no commit names
     */
    public record Whole(String text, List<Integer> statuses, boolean dirty) {}

    /**
     * Writes a part.
     *
     * @param found what was found in it
     * @param index which it is, from 1
     * @param of how many there are
     * @param arguments what results depend on
     * @param policies ids of the policies in all parts, in order
     * @param status the exit status
     * @return one JSON object, its last line ended
     */
    public static String write(
            CheckFindings found, int index, int of, List<String> arguments, List<String> policies, int status) {
        try {
            ObjectNode root = (ObjectNode) MAPPER.readTree(CheckJson.write(found));
            ObjectNode shard = root.putObject("shard").put("index", index).put("of", of);
            arguments.forEach(shard.putArray("arguments")::add);
            policies.forEach(shard.putArray("policies")::add);
            shard.put("status", status);
            return text(root);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * Puts parts together, given in any order.
     *
     * @param parts text of each, by a name for messages
     * @return the whole
     * @throws IllegalArgumentException with one line, if one is no part or not whole, is there twice or missing, or is of
     *     another check than the first
     */
    public static Whole merge(Map<String, String> parts) {
        Map<Integer, String> names = new HashMap<>();
        Map<Integer, ObjectNode> nodes = new HashMap<>();
        String firstName = parts.keySet().iterator().next();
        ObjectNode first = part(firstName, parts.getOrDefault(firstName, ""));
        int of = first.at("/shard/of").asInt();
        parts.forEach((name, text) -> {
            ObjectNode node = part(name, text);
            SAME.forEach((at, what) -> {
                if (!first.at(at).equals(node.at(at))) {
                    throw new IllegalArgumentException(name + " is of another check than " + firstName + ": " + what
                            + " " + node.at(at) + ", not " + first.at(at));
                }
            });
            int index = node.at("/shard/index").asInt();
            String twin = names.putIfAbsent(index, name);
            if (twin != null) {
                throw new IllegalArgumentException(
                        "shard " + index + "/" + of + " is there twice: " + twin + " and " + name + "; leave one out");
            }
            nodes.put(index, node);
        });
        List<String> missing = new ArrayList<>();
        List<Integer> statuses = new ArrayList<>();
        for (int index = 1; index <= of; index++) {
            ObjectNode node = nodes.get(index);
            if (node == null) {
                missing.add(index + "/" + of);
            } else {
                statuses.add(node.at("/shard/status").asInt());
            }
        }
        if (!missing.isEmpty()) {
            throw new IllegalArgumentException("missing: shard " + String.join(", ", missing) + "; run "
                    + (missing.size() == 1 ? "it" : "them") + " again and name all parts");
        }
        ObjectNode whole = first.deepCopy();
        ArrayNode policies = whole.putArray("policies");
        whole.remove("shard");
        // Policy k, from 0, is the (k / of)-th of part (k mod of) + 1.
        JsonNode ids = first.at("/shard/policies");
        for (int k = 0; k < ids.size(); k++) {
            int index = k % of + 1;
            JsonNode policy = nodes.getOrDefault(index, first).at("/policies/" + k / of);
            if (!policy.path("policy").equals(ids.get(k))) {
                throw new IllegalArgumentException(names.get(index) + " lacks the policy "
                        + ids.get(k).asText() + "; run shard " + index + "/" + of + " again");
            }
            policies.add(policy);
        }
        try {
            return new Whole(text(whole), statuses, first.path("dirty").asBoolean());
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String text(ObjectNode root) throws JsonProcessingException {
        return MAPPER.writeValueAsString(root) + "\n";
    }

    private static ObjectNode part(String name, String text) {
        try {
            if (MAPPER.readTree(text) instanceof ObjectNode node
                    && node.path("schema").asInt() == 1
                    && node.at("/shard/status").isInt()
                    && node.at("/shard/index").asInt() >= 1
                    && node.at("/shard/index").asInt() <= node.at("/shard/of").asInt()) {
                return node;
            }
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(name + " is not whole, or no JSON; run that shard again with --part", e);
        }
        throw new IllegalArgumentException(name + " is no part of a check; name files that --part wrote");
    }
}
