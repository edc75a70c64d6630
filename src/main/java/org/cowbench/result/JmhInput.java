package org.cowbench.result;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.io.JsonEOFException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;

/**
 * The entries of a file that should be JMH's JSON: an array, or one entry a line, packed by gzip or not. Of any other
 * file it says what it is and what to give instead.
 */
final class JmhInput {
    private static final String JSON_WANTED = "; run JMH with -rf json -rff results.json and give results.json";
    private static final int HEAD = 4096;
    /** A byte-order mark, its bytes read as characters. */
    private static final String MARK = "(?:\\u00EF\\u00BB\\u00BF)?";

    /** What a file is by its first characters. */
    private record Kind(Pattern start, String what) {

        static Kind of(String start, String what) {
            return new Kind(Pattern.compile(MARK + "\\s*" + start, Pattern.DOTALL), what);
        }
    }

    private static final List<Kind> KINDS = List.of(
            Kind.of("\"?Benchmark\"?,\"?Mode\"?,", "JMH's CSV, which holds no forks" + JSON_WANTED),
            Kind.of("\"?Benchmark\"?[;\\t]\"?Mode\"?[;\\t]", "JMH's SCSV, which holds no forks" + JSON_WANTED),
            Kind.of("\\\\begin\\{", "LaTeX, which holds no forks" + JSON_WANTED),
            Kind.of(
                    "(?:.*\\n)?(?:# (?:JMH version|VM version|Warmup|Run progress)"
                            + "|Benchmark\\b[^\\n]*\\bMode\\b[^\\n]*\\bCnt\\b)",
                    "what JMH prints, and no JSON" + JSON_WANTED),
            Kind.of(
                    "(?:window\\b|var\\s|let\\s|const\\s|export\\b|module\\b|[\\w.$]+\\s*=|//|/\\*)",
                    "JavaScript, such as a chart's data; give the JMH JSON that it was made from"),
            Kind.of("<", "HTML or XML; give the JMH JSON that it was made from"),
            Kind.of("#\\[", "a log of HdrHistogram; give the directory it is in, or JMH's JSON"),
            Kind.of("PK\\x03\\x04", "a zip archive; unpack it and give the JSON in it"),
            Kind.of("(?:\\x28\\xB5\\x2F\\xFD|\\xFD7zXZ|BZh)", "packed; unpack it and give the JSON in it"));

    private JmhInput() {}

    /**
     * Reads a file.
     *
     * @return the entries, one a measurement
     * @throws ResultException when it cannot be read, or is something else
     */
    static List<JsonNode> entries(Path file) {
        byte[] bytes;
        try {
            bytes = Files.readAllBytes(file);
        } catch (IOException e) {
            throw new ResultException("cannot read " + file + ": " + e.getMessage(), e);
        }
        byte[] content = packed(bytes) ? unpacked(bytes, file) : bytes;
        List<JsonNode> values = values(content, file);
        if (values.isEmpty()) {
            throw new ResultException(file + " is empty, not JMH's JSON" + JSON_WANTED);
        }
        if (values.stream().allMatch(value -> value.isObject() && value.has("benchmark"))) {
            return values;
        }
        if (!values.getFirst().isArray()) {
            throw new ResultException(file + " is JSON but not JMH's: expected an array of benchmarks");
        }
        if (values.size() > 1) {
            boolean arrays = values.stream().allMatch(JsonNode::isArray);
            throw new ResultException(file + " holds "
                    + (arrays ? values.size() + " JSON arrays after each other" : "more after JMH's array")
                    + "; compare them as files of their own, or make one array of them: jq -s add " + file);
        }
        List<JsonNode> entries = new ArrayList<>();
        values.getFirst().forEach(entries::add);
        return entries;
    }

    private static boolean packed(byte[] bytes) {
        return bytes.length > 2 && bytes[0] == (byte) 0x1f && bytes[1] == (byte) 0x8b;
    }

    private static byte[] unpacked(byte[] bytes, Path file) {
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new ResultException(
                    file + " is packed by gzip and cannot be unpacked (" + e.getMessage()
                            + "); it may have been cut short",
                    e);
        }
    }

    private static List<JsonNode> values(byte[] content, Path file) {
        List<JsonNode> values = new ArrayList<>();
        ObjectReader reader = Json.MAPPER.reader().without(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
        try (JsonParser parser = reader.createParser(content)) {
            while (parser.nextToken() != null) {
                values.add(reader.readTree(parser));
            }
        } catch (JsonProcessingException e) {
            throw new ResultException(file + wrong(e, content, values), e);
        } catch (IOException e) {
            throw new ResultException("cannot read " + file + ": " + e.getMessage(), e);
        }
        return values;
    }

    private static String wrong(JsonProcessingException e, byte[] content, List<JsonNode> before) {
        String head = new String(content, 0, Math.min(HEAD, content.length), StandardCharsets.ISO_8859_1);
        // A quoted word, as CSV begins with, is a JSON value.
        boolean begun = !before.isEmpty() && before.getFirst().isContainerNode();
        for (Kind kind : KINDS) {
            if (!begun && kind.start.matcher(head).lookingAt()) {
                return " is " + kind.what;
            }
        }
        boolean json = head.matches("(?s)" + MARK + "\\s*[\\[{].*");
        if (!begun && !json) {
            return " is no JSON" + JSON_WANTED;
        }
        boolean last = e.getLocation() != null && e.getLocation().getByteOffset() >= content.length - 1L;
        if (e instanceof JsonEOFException || before.isEmpty() && last) {
            return " is no whole JSON (" + JmhJson.where(e) + "); it may have been cut short";
        }
        return before.isEmpty()
                ? " is no valid JSON (" + JmhJson.where(e) + "): "
                        + e.getOriginalMessage().lines().findFirst().orElse("")
                : " holds something that is no JSON after its " + (before.size() == 1 ? "first value" : "values") + " ("
                        + JmhJson.where(e) + "); give a file with one array";
    }
}
