package org.cowbench.report.litmus;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.cowbench.litmus.Script;
import org.cowbench.litmus.StepResult;
import org.cowbench.litmus.WriteKind;

/**
 * A script's results as a table for people: the steps down, one column a policy (or kernel).
 *
 * <p>A write shows what became of the page ({@code new}, {@code copy}, {@code reuse}, {@code quiet} for no fault,
 * {@code swapin} and which of the two for one that brought it back from swap), a read or a peek the value seen, with
 * {@code !} behind it when the script says that another must be seen and {@code lost} when the process had another; a
 * fault that read the device adds {@code major}. {@code !!} stands behind a torn page and behind an error that no rule
 * explains.
 */
public final class LitmusTable {

    private LitmusTable() {}

    /**
     * Draws the table.
     *
     * @param columns results a step, by column heading, in the order to show
     * @return the text, each line ended
     */
    @SuppressWarnings("ReferenceEquality") // The head itself: a step may read like it.
    public static String draw(Script script, Map<String, List<StepResult>> columns) {
        List<String[]> rows = new ArrayList<>();
        String[] head = new String[columns.size() + 1];
        head[0] = script.file();
        int column = 1;
        for (String heading : columns.keySet()) {
            head[column++] = heading;
        }
        rows.add(head);
        Map<String, Set<Integer>> lost = new HashMap<>();
        columns.forEach((heading, results) -> lost.put(heading, LitmusLegend.lost(results)));
        for (int step = 0; step < script.steps().size(); step++) {
            String[] row = new String[head.length];
            row[0] = String.format(
                    java.util.Locale.ROOT, "%3d  %s", step, script.steps().get(step));
            column = 1;
            for (Map.Entry<String, List<StepResult>> results : columns.entrySet()) {
                row[column++] = step < results.getValue().size()
                        ? cell(
                                results.getValue().get(step),
                                Objects.requireNonNull(lost.get(results.getKey()))
                                        .contains(step))
                        : "-";
            }
            rows.add(row);
        }
        StringBuilder text = new StringBuilder();
        int[] widths = new int[head.length];
        for (String[] row : rows) {
            for (int i = 0; i < row.length; i++) {
                widths[i] = Math.max(widths[i], row[i].length());
            }
        }
        for (String[] row : rows) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < row.length; i++) {
                line.append(row[i]).repeat(' ', widths[i] - row[i].length() + 2);
            }
            text.append(line.toString().stripTrailing()).append('\n');
            if (row == head) {
                text.repeat('-', Arrays.stream(widths).sum() + 2 * (widths.length - 1))
                        .append('\n');
            }
        }
        return text.toString();
    }

    private static String cell(StepResult result, boolean lost) {
        if (result.skipped()) {
            return "SKIP";
        }
        if (result.error() != null) {
            return "error: " + result.error() + (result.broken() ? "!!" : "");
        }
        StringBuilder cell =
                new StringBuilder(result.writeKind().map(WriteKind::toString).orElse(""));
        result.value().ifPresent(value -> cell.append('=').append(Long.toUnsignedString(value)));
        if (result.violated()) {
            cell.append('!');
        }
        if (lost) {
            cell.append(" lost");
        }
        result.torn()
                .ifPresent(word -> cell.append(" torn at word ").append(word).append("!!"));
        if (result.major() > 0) {
            cell.append(" major");
        }
        if (cell.isEmpty() && result.after() != null) {
            cell.append(result.after());
        }
        return cell.toString();
    }
}
