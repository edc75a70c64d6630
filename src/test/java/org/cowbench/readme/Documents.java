package org.cowbench.readme;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The tables and figures of README and the guides. A table is found by the beginning of its first line, wherever it
 * stands, and a figure by the words around it; what is not found fails a test, so that nothing goes unchecked when it
 * is worded anew. What is said in several places must be the same in all of them.
 */
public final class Documents {
    private static final Path README = Path.of("README.md");
    private static final Path GUIDES = Path.of("src/site/markdown");
    private static final Path FIDELITY = Path.of("src/main/java/org/cowbench/machine/FIDELITY.md");

    private Documents() {}

    /**
     * README and the guides, which hold figures.
     *
     * @return the files, README first
     * @throws IOException if the guides cannot be listed
     */
    public static List<Path> guides() throws IOException {
        try (Stream<Path> files = Files.walk(GUIDES)) {
            return Stream.concat(
                            Stream.of(README),
                            files.filter(file -> file.toString().endsWith(".md"))
                                    .sorted())
                    .toList();
        }
    }

    /**
     * All that a user or a contributor reads.
     *
     * @return the {@link #guides} and the other documents
     * @throws IOException if the guides cannot be listed
     */
    public static List<Path> all() throws IOException {
        return Stream.concat(
                        guides().stream(), Stream.of(Path.of("CONTRIBUTING.md"), Path.of("CHANGELOG.md"), FIDELITY))
                .toList();
    }

    /**
     * A document.
     *
     * @return its text
     */
    public static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * The text of README and the guides.
     *
     * @return the text, one file after another
     * @throws IOException if they cannot be listed
     */
    public static String text() throws IOException {
        return guides().stream().map(Documents::text).collect(Collectors.joining("\n\n"));
    }

    /**
     * An indented table, as a command prints it.
     *
     * @param start words with which its first line starts
     * @return its lines to the next empty one, every run of blanks being one blank, without lines of dashes
     * @throws IOException if a document cannot be read
     */
    public static List<String> block(String start) throws IOException {
        List<String> lines = text().lines().toList();
        return one(
                start,
                IntStream.range(0, lines.size())
                        .filter(first -> lines.get(first).startsWith("    ")
                                && even(lines.get(first)).startsWith(start))
                        .mapToObj(first -> even(lines.subList(first, lines.size()).stream()
                                .takeWhile(line -> !line.isBlank())
                                .toList()))
                        .toList());
    }

    /**
     * Lines, comparable.
     *
     * @param lines as printed
     * @return every run of blanks being one blank, without lines of dashes
     */
    public static List<String> even(List<String> lines) {
        return lines.stream()
                .map(Documents::even)
                .filter(line -> !line.matches("[- ]*"))
                .toList();
    }

    private static String even(String line) {
        return line.strip().replaceAll("\\s+", " ");
    }

    /**
     * A table of Markdown.
     *
     * @param start text of its first cell, or of its first cells with what is between them
     * @return its rows, the one of dashes left out, each as cells
     * @throws IOException if a document cannot be read
     */
    public static List<List<String>> table(String start) throws IOException {
        List<String> lines = text().lines().toList();
        return one(
                start,
                IntStream.range(0, lines.size())
                        .filter(first -> lines.get(first).startsWith("| " + start + " |"))
                        .mapToObj(first -> lines.subList(first, lines.size()).stream()
                                .takeWhile(line -> line.startsWith("|"))
                                .filter(line -> !line.matches("[-| ]+"))
                                .map(Documents::cells)
                                .toList())
                        .toList());
    }

    private static List<String> cells(String row) {
        return Arrays.stream(row.substring(1).split("(?<!\\\\)\\|"))
                .map(cell -> cell.strip().replace("\\|", "|"))
                .toList();
    }

    /**
     * Figures in running text.
     *
     * @param words what is written, with a group a figure; a blank stands for any white space
     * @return the figures
     * @throws IOException if a document cannot be read
     */
    public static MatchResult figures(String words) throws IOException {
        Matcher matcher = Pattern.compile(words.replace(" ", "\\s+")).matcher(text());
        List<MatchResult> found = matcher.results().toList();
        one(
                words,
                found.stream().map(each -> each.group().replaceAll("\\s+", " ")).toList());
        return found.getFirst();
    }

    /** What is said twice is said alike. */
    private static <T> T one(String what, List<T> found) {
        if (found.isEmpty()) {
            throw new AssertionError("neither README nor a guide says: " + what);
        }
        if (found.stream().distinct().count() > 1) {
            throw new AssertionError("README and the guides differ in: " + what + "\n" + found);
        }
        return found.getFirst();
    }

    /**
     * Command lines of cowbench.
     *
     * @param text a document
     * @return every line that starts with {@code ./run-bench.sh}, in a block or between back quotes, up to a comment or
     *     a pipe
     */
    static List<String> commands(String text) {
        List<String> found = new ArrayList<>();
        text.lines()
                .map(line -> line.strip().replaceFirst("^sudo ", ""))
                .filter(line -> line.startsWith("./run-bench.sh"))
                .forEach(found::add);
        spans(text).stream().filter(span -> span.startsWith("./run-bench.sh")).forEach(found::add);
        return found.stream()
                .map(line -> line.replaceAll("\\s(#|\\|).*", "").strip())
                .toList();
    }

    private static final Pattern SPAN = Pattern.compile("(?<!`)`([^`]+)`(?!`)");

    /**
     * What stands between back quotes in running text, lists and tables.
     *
     * @param text a document
     * @return each span on one line
     */
    static List<String> spans(String text) {
        return SPAN.matcher(prose(text))
                .results()
                .map(span -> span.group(1).replaceAll("\\s+", " ").replace("\\|", "|"))
                .toList();
    }

    /**
     * A document without its blocks of code.
     *
     * @param text a document
     * @return the rest of it
     */
    static String prose(String text) {
        return text.replaceAll("(?ms)^```.*?^```$", "").replaceAll("(?m)(?<=\\n\\n)( {4}.*\\n)+", "");
    }
}
