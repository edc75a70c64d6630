package org.cowbench.readme;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The tables and figures of README. A table is found by the beginning of its first line, wherever it stands, and a figure by
 * the words around it; what is not found fails a test, so that nothing goes unchecked when it is worded anew.
 */
public final class Readme {
    private static final Path FILE = Path.of("README.md");

    private Readme() {}

    /**
     * The lines of README.
     *
     * @return the lines
     * @throws IOException if it cannot be read
     */
    public static List<String> lines() throws IOException {
        return Files.readAllLines(FILE);
    }

    /**
     * An indented table, as a command prints it.
     *
     * @param start words with which its first line starts
     * @return its lines to the next empty one, every run of blanks being one blank, without lines of dashes
     * @throws IOException if README cannot be read
     */
    public static List<String> block(String start) throws IOException {
        List<String> lines = lines();
        for (int first = 0; first < lines.size(); first++) {
            if (lines.get(first).startsWith("    ") && even(lines.get(first)).startsWith(start)) {
                int end = first;
                while (end < lines.size() && !lines.get(end).isBlank()) {
                    end++;
                }
                return even(lines.subList(first, end));
            }
        }
        throw new AssertionError("README has no table that starts with '" + start + "'");
    }

    /**
     * Lines, comparable.
     *
     * @param lines as printed
     * @return every run of blanks being one blank, without lines of dashes
     */
    public static List<String> even(List<String> lines) {
        return lines.stream().map(Readme::even).filter(line -> !line.matches("[- ]*")).toList();
    }

    private static String even(String line) {
        return line.strip().replaceAll("\\s+", " ");
    }

    /**
     * A table of Markdown.
     *
     * @param start text of its first cell
     * @return its rows, the one of dashes left out, each as cells
     * @throws IOException if README cannot be read
     */
    public static List<List<String>> table(String start) throws IOException {
        List<List<String>> rows = new ArrayList<>();
        for (String line : lines()) {
            if (rows.isEmpty() ? line.startsWith("| " + start + " |") : line.startsWith("|")) {
                if (!line.matches("[-| ]+")) {
                    rows.add(Arrays.stream(line.substring(1).split("\\|")).map(String::strip).toList());
                }
            } else if (!rows.isEmpty()) {
                return rows;
            }
        }
        throw new AssertionError("README has no table that starts with '" + start + "'");
    }

    /**
     * Figures in running text.
     *
     * @param words what is written, with a group a figure; a blank stands for any white space
     * @return the figures
     * @throws IOException if README cannot be read
     */
    public static MatchResult figures(String words) throws IOException {
        Matcher matcher = Pattern.compile(words.replace(" ", "\\s+")).matcher(String.join("\n", lines()));
        if (!matcher.find()) {
            throw new AssertionError("README does not say: " + words);
        }
        return matcher.toMatchResult();
    }
}
