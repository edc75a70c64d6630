package org.cowbench.result;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Parts of what several machines did, an object each: {@code version}, {@code commit} and {@code dirty} of what did it, and
 * {@code shard}: the {@code command}, its {@code index}, {@code of} how many, the {@code arguments} that results depend on,
 * the exit {@code status}, and whatever else the parts of one whole have in common, such as digests of kernels.
 */
public final class Parts {
    private static final String SHARD = "shard";
    /** What a part does not share with the others. */
    private static final List<String> OWN = List.of("index", "status");

    private static final Map<String, String> WORDS = Map.of(
            "version", "version of cowbench",
            "dirty", "state of the sources (with or without uncommitted changes)",
            "of", "number of shards");

    private Parts() {}

    /**
     * Says of an object which part of what it is.
     *
     * @param root the object
     * @param version of cowbench
     * @param revision the sources
     * @param shard which part
     * @param command the command, without its options
     * @param arguments what results depend on
     * @return the object's {@code shard}, for what else all parts must have alike, and for {@code status}
     */
    public static ObjectNode mark(
            ObjectNode root, String version, Revision revision, Shard shard, String command, List<String> arguments) {
        root.put("schema", 1)
                .put("version", version)
                .put("commit", revision.commit())
                .put("dirty", revision.dirty());
        ObjectNode node = root.putObject(SHARD)
                .put("command", command)
                .put("index", shard.index())
                .put("of", shard.of());
        ArrayNode words = node.putArray("arguments");
        arguments.forEach(words::add);
        return node;
    }

    /**
     * Says of an object which part of what a result directory is.
     *
     * @param root the object
     * @param info of the directory, which has the arguments among its facts
     * @param shard which part
     * @param command the command, without its options
     * @return as {@link #mark(ObjectNode, String, Revision, Shard, String, List)}
     */
    public static ObjectNode mark(ObjectNode root, RunInfo info, Shard shard, String command) {
        return mark(
                root,
                "",
                new Revision(info.commit(), info.dirty()),
                shard,
                command,
                List.of(info.environment().getOrDefault(Environment.SHARD_ARGUMENTS, "")));
    }

    /**
     * Writes an object.
     *
     * @return its text, the last line ended
     */
    public static String text(ObjectNode root) {
        try {
            return Json.MAPPER.writeValueAsString(root) + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * An object without fields.
     *
     * @return the object
     */
    public static ObjectNode object() {
        return Json.MAPPER.createObjectNode();
    }

    /**
     * Reads a part.
     *
     * @param name for messages
     * @param text its text
     * @return the object
     * @throws IllegalArgumentException with one line, if it is none
     */
    public static ObjectNode read(String name, String text) {
        try {
            if (Json.MAPPER.readTree(text) instanceof ObjectNode node
                    && node.path("schema").asInt() == 1
                    && node.at("/shard/status").isInt()
                    && node.at("/shard/index").asInt() >= 1
                    && node.at("/shard/index").asInt() <= node.at("/shard/of").asInt()) {
                return node;
            }
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(name + " is not whole, or no JSON; run that shard again with --part", e);
        }
        throw new IllegalArgumentException(name + " is no part; name files that --part wrote");
    }

    /**
     * Which part of what an object is.
     *
     * @param part the object
     * @return its share
     */
    public static Shard shard(ObjectNode part) {
        return new Shard(part.at("/shard/index").asInt(), part.at("/shard/of").asInt());
    }

    /**
     * The command that made a part.
     *
     * @param part the object
     * @return its words, without options
     */
    public static String command(ObjectNode part) {
        return part.at("/shard/command").asText();
    }

    /**
     * The exit statuses.
     *
     * @param parts objects
     * @return one each, in order
     */
    public static List<Integer> statuses(List<ObjectNode> parts) {
        return parts.stream().map(part -> part.at("/shard/status").asInt()).toList();
    }

    /**
     * Insists that parts are one whole.
     *
     * @param parts the objects by a name for messages, at least one, in any order
     * @return all of them, in the order of their shares
     * @throws IllegalArgumentException with one line, if one is of another whole than the first, is there twice, or is missing
     */
    public static List<ObjectNode> whole(Map<String, ObjectNode> parts) {
        Map<Integer, String> names = new HashMap<>();
        TreeMap<Integer, ObjectNode> nodes = new TreeMap<>();
        Map.Entry<String, ObjectNode> first = parts.entrySet().iterator().next();
        parts.forEach((name, node) -> {
            demandSame(first.getKey(), first.getValue(), name, node);
            Shard shard = shard(node);
            String twin = names.putIfAbsent(shard.index(), name);
            if (twin != null) {
                throw new IllegalArgumentException(
                        "shard " + shard + " is there twice: " + twin + " and " + name + "; leave one out");
            }
            nodes.put(shard.index(), node);
        });
        int of = shard(first.getValue()).of();
        List<String> missing = new ArrayList<>();
        for (int index = 1; index <= of; index++) {
            if (!nodes.containsKey(index)) {
                missing.add(new Shard(index, of).toString());
            }
        }
        if (!missing.isEmpty()) {
            throw new IllegalArgumentException("missing: shard " + String.join(", ", missing) + "; run "
                    + (missing.size() == 1 ? "it" : "them") + " again and name all parts");
        }
        return List.copyOf(nodes.values());
    }

    private static void demandSame(String firstName, ObjectNode first, String name, ObjectNode node) {
        List<String> places = new ArrayList<>(List.of("/shard/command", "/version", "/commit", "/dirty"));
        for (ObjectNode each : List.of(first, node)) {
            each.path(SHARD).fieldNames().forEachRemaining(field -> {
                String place = "/" + SHARD + "/" + field;
                if (!OWN.contains(field) && !places.contains(place)) {
                    places.add(place);
                }
            });
        }
        for (String place : places) {
            JsonNode is = node.at(place);
            JsonNode was = first.at(place);
            if (!is.equals(was)) {
                String field = place.substring(place.lastIndexOf('/') + 1);
                throw new IllegalArgumentException(name + " is of another " + command(first) + " than " + firstName
                        + ": " + WORDS.getOrDefault(field, field) + " " + is + ", not " + was);
            }
        }
    }
}
