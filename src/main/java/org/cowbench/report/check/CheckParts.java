package org.cowbench.report.check;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.cowbench.result.Parts;
import org.cowbench.result.Shard;

/**
 * Parts of a check, of one machine each, and the whole that they are.
 *
 * <p>A {@linkplain Parts part} is the {@linkplain CheckJson object} of the policies in it; {@code policies} of its
 * {@code shard} are the ids of all, in order.
 */
public final class CheckParts {
    /** The command. */
    public static final String COMMAND = "check";

    private CheckParts() {}

    /**
     * Writes a part.
     *
     * @param found what was found in it
     * @param shard which it is
     * @param arguments what results depend on
     * @param policies ids of the policies in all parts, in order
     * @param status the exit status
     * @return one JSON object, its last line ended
     */
    public static String write(
            CheckFindings found, Shard shard, List<String> arguments, List<String> policies, int status) {
        try {
            ObjectNode root = (ObjectNode) new ObjectMapper().readTree(CheckJson.write(found));
            ObjectNode own =
                    Parts.mark(root, found.head().version(), found.head().revision(), shard, COMMAND, arguments);
            policies.forEach(own.put("status", status).putArray("policies")::add);
            return Parts.text(root);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * Puts parts together.
     *
     * @param parts all of them, in the order of their shares
     * @return one JSON object, as the check would have printed it but for the times and memory of its searches; its last line ended
     * @throws IllegalArgumentException with one line, if a policy is missing
     */
    public static String merge(List<ObjectNode> parts) {
        int of = parts.size();
        ObjectNode whole = parts.getFirst().deepCopy();
        ArrayNode policies = whole.putArray("policies");
        whole.remove("shard");
        JsonNode ids = parts.getFirst().at("/shard/policies");
        for (int k = 0; k < ids.size(); k++) {
            JsonNode policy = parts.get(k % of).at("/policies/" + k / of);
            if (!policy.path("policy").equals(ids.get(k))) {
                throw new IllegalArgumentException("shard " + new Shard(k % of + 1, of) + " lacks the policy "
                        + ids.get(k).asText() + "; run it again");
            }
            policies.add(policy);
        }
        return Parts.text(whole);
    }
}
