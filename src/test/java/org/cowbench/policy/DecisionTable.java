package org.cowbench.policy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * A rule as rows: the first row whose cells all hold says the result. A cell is {@code -} (whatever), a word, words
 * with {@code /} between them, or a comparison such as {@code >1}. Tables stand in
 * {@code src/test/resources/decisions/<policy>.txt}, a heading each; {@code heading: as v5.9} refers to another's, and
 * {@code all: as v5.9} takes over every one that does not follow.
 */
final class DecisionTable {
    static final Path FOLDER = Path.of("src", "test", "resources", "decisions");
    private static final String AS = ": as ";

    private final String heading;
    private final List<String> columns;
    private final List<Row> rows = new ArrayList<>();

    private static final class Row {
        private final String line;
        private final List<Predicate<Situation>> cells = new ArrayList<>();
        private final String result;
        private boolean hit;

        Row(String line, List<String> columns) {
            this.line = line;
            String[] sides = line.split("\\|", -1);
            List<String> words = split(sides[0]);
            if (sides.length != 2 || words.size() != columns.size()) {
                throw new IllegalArgumentException("columns " + columns + " do not fit the row " + line);
            }
            for (int at = 0; at < words.size(); at++) {
                String word = words.get(at);
                if (!word.equals("-")) {
                    cells.add(cell(word, Situation.fact(columns.get(at))));
                }
            }
            result = sides[1].strip();
        }

        private static Predicate<Situation> cell(String word, Function<Situation, Object> fact) {
            if (word.startsWith(">")) {
                int bound = Integer.parseInt(word.substring(1));
                return situation -> (int) fact.apply(situation) > bound;
            }
            List<String> words = Arrays.asList(word.split("/"));
            return situation -> words.contains(fact.apply(situation).toString());
        }

        boolean holds(Situation situation) {
            for (Predicate<Situation> cell : cells) {
                if (!cell.test(situation)) {
                    return false;
                }
            }
            return true;
        }
    }

    private DecisionTable(String heading, String columns) {
        this.heading = heading;
        this.columns = split(columns.substring(0, columns.indexOf('|')));
    }

    /** Cells are two blanks apart. */
    private static List<String> split(String text) {
        return text.isBlank() ? List.of() : Arrays.asList(text.strip().split(" {2,}"));
    }

    /** The tables of a policy by their headings. */
    static Map<String, DecisionTable> of(String policy) throws IOException {
        Map<String, DecisionTable> tables = new LinkedHashMap<>();
        DecisionTable table = null;
        boolean head = false;
        for (String line : Files.readAllLines(FOLDER.resolve(policy + ".txt"))) {
            if (line.isBlank() || line.startsWith("#")) {
                continue;
            }
            if (line.startsWith(" ")) {
                if (table == null) {
                    throw new IllegalArgumentException(policy + ": a row without a heading: " + line);
                }
                if (head) {
                    table = new DecisionTable(table.heading, line);
                    tables.put(table.heading, table);
                    head = false;
                } else {
                    table.rows.add(new Row(line, table.columns));
                }
            } else if (line.contains(AS)) {
                String heading = line.substring(0, line.indexOf(AS));
                String other = line.substring(line.indexOf(AS) + AS.length());
                Map<String, DecisionTable> others = of(other);
                if (heading.equals("all")) {
                    tables.putAll(others);
                } else {
                    tables.put(heading, others.get(heading));
                }
            } else {
                table = new DecisionTable(line, "|");
                head = true;
            }
        }
        return tables;
    }

    /** What the table says of a situation. */
    String decide(Situation situation) {
        for (Row row : rows) {
            if (row.holds(situation)) {
                row.hit = true;
                return row.result;
            }
        }
        throw new IllegalArgumentException(heading + ": no row for " + situation);
    }

    /** Rows that no situation reached: they say nothing, or a word in them is misspelled. */
    List<String> unused() {
        return rows.stream()
                .filter(row -> !row.hit)
                .map(row -> heading + ":" + row.line)
                .toList();
    }
}
