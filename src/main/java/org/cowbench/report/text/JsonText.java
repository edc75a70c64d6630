package org.cowbench.report.text;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** A report as JSON: indented, and in ASCII, as a name must survive an output that is not UTF-8. */
public final class JsonText {
    private static final ObjectMapper MAPPER = JsonMapper.builder()
            .enable(SerializationFeature.INDENT_OUTPUT)
            .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
            .build();

    private JsonText() {}

    /**
     * Begins an object.
     *
     * @return an empty one
     */
    public static ObjectNode object() {
        return MAPPER.createObjectNode();
    }

    /**
     * Begins an array.
     *
     * @return an empty one
     */
    public static ArrayNode array() {
        return MAPPER.createArrayNode();
    }

    /**
     * A record of plain values as an object.
     *
     * @param value the record
     * @return its fields by their names
     */
    public static JsonNode tree(Object value) {
        return MAPPER.valueToTree(value);
    }

    /**
     * Writes what was put together.
     *
     * @param tree an object or an array
     * @return its text, the last line ended
     */
    public static String of(JsonNode tree) {
        try {
            return MAPPER.writeValueAsString(tree) + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree of plain values cannot fail to be written", e);
        }
    }
}
