package org.cowbench.report.litmus;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.cowbench.litmus.EntryState;
import org.cowbench.litmus.Op;
import org.cowbench.litmus.Script;
import org.cowbench.litmus.StepResult;
import org.cowbench.litmus.WriteKind;
import org.cowbench.report.text.TextTable;

/**
 * Many scripts in one table: a script a row, a kernel (or policy) a column. A cell says what became of the page at each
 * write to one that was there ({@code copy}, {@code reuse}, {@code quiet} for no fault, {@code swapin}), every pageout after
 * which the page is where it was, what every peek saw, at which step a script ended early, and of what was read the last
 * value of each process and page, as well as every one that is forbidden or lost.
 */
public final class LitmusSummary {

    private LitmusSummary() {}

    /**
     * Draws the table.
     *
     * @param columns results of each script, in the scripts' order, by column heading; those of a kernel that ended
     *     early may lack scripts, and the last one steps
     * @return the text, each line ended
     */
    public static String draw(List<Script> scripts, Map<String, List<List<StepResult>>> columns) {
        List<String> heads = new ArrayList<>(List.of("<script"));
        columns.keySet().forEach(heading -> heads.add("<" + heading));
        TextTable table = new TextTable(heads.toArray(String[]::new));
        for (int script = 0; script < scripts.size(); script++) {
            List<String> cells =
                    new ArrayList<>(List.of(scripts.get(script).file().replaceFirst("\\.litmus$", "")));
            for (List<List<StepResult>> results : columns.values()) {
                List<StepResult> steps = script < results.size() ? results.get(script) : List.of();
                cells.add(cell(scripts.get(script), steps));
            }
            table.row(cells);
        }
        StringBuilder text = new StringBuilder();
        try {
            table.print(text);
        } catch (IOException e) {
            throw new UncheckedIOException("a StringBuilder throws nothing", e);
        }
        return text.toString();
    }

    private static String cell(Script script, List<StepResult> results) {
        List<String> parts = new ArrayList<>();
        if (results.isEmpty()) {
            return "not run";
        }
        Set<Integer> lost = LitmusLegend.lost(results);
        Map<String, Integer> lastRead = new HashMap<>();
        results.stream()
                .filter(result -> result.operation().op() == Op.READ)
                .forEach(result -> lastRead.put(reader(script, result), result.step()));
        for (StepResult result : results) {
            String who = result.operation().process();
            Op op = result.operation().op();
            boolean marked = result.violated() || lost.contains(result.step());
            if (result.skipped()) {
                parts.add(who + " " + op.word() + ": SKIP");
            } else if (result.error() != null) {
                parts.add(who + " " + op.word() + ": " + result.error() + (result.broken() ? "!!" : ""));
            } else if (result.torn().isPresent()) {
                parts.add(who + " " + op.word() + ": torn at word "
                        + result.torn().getAsInt() + "!!");
            } else if ((op == Op.PAGEOUT || op == Op.WRITEOUT) && result.after() == EntryState.PRESENT) {
                parts.add(who + " " + op.word() + ": stays");
            } else if (result.writeKind().filter(kind -> kind != WriteKind.NEW).isPresent()) {
                parts.add(result.writeKind().get().toString());
            } else if (op == Op.PEEK
                    || op == Op.READ
                            && (marked || lastRead.getOrDefault(reader(script, result), -1) == result.step())) {
                parts.add((op == Op.PEEK ? result.operation().target() : reader(script, result)) + "="
                        + Long.toUnsignedString(result.value().orElse(0)) + (result.violated() ? "!" : "")
                        + (lost.contains(result.step()) ? " lost" : ""));
            }
        }
        if (results.size() < script.steps().size()) {
            parts.add("ended at step " + results.size());
        }
        return parts.isEmpty() ? "-" : String.join(", ", parts);
    }

    /** Who read what; the page is named where there are several. */
    private static String reader(Script script, StepResult result) {
        return result.operation().process()
                + (script.pages() > 1 ? "[" + result.operation().page() + "]" : "");
    }
}
