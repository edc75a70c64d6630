package org.cowbench.report;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.cowbench.litmus.Op;
import org.cowbench.litmus.Script;
import org.cowbench.litmus.StepResult;

/**
 * Many scripts in one table: a script a row, a kernel (or policy) a column. A cell says what became of the page at each
 * write to a present one ({@code copy}, {@code reuse}, {@code quiet} for no fault), what every peek saw, every read
 * that saw another value than the script says it must, every pageout after which the page is where it was, and at which
 * step a script ended early.
 */
public final class LitmusSummary {

    private LitmusSummary() {}

    /**
     * Draws the table.
     *
     * @param scripts the scripts
     * @param columns results of each script, in the scripts' order, by column heading; those of a kernel that ended
     *     early may lack scripts, and the last one steps
     * @return the text, each line ended
     */
    public static String draw(List<Script> scripts, Map<String, List<List<StepResult>>> columns) {
        List<String> heads = new ArrayList<>(List.of("<script"));
        columns.keySet().forEach(heading -> heads.add("<" + heading));
        TextTable table = new TextTable(heads.toArray(String[]::new));
        List<StepResult> all = new ArrayList<>();
        for (int script = 0; script < scripts.size(); script++) {
            List<String> cells = new ArrayList<>(List.of(scripts.get(script).file().replaceFirst("\\.litmus$", "")));
            for (List<List<StepResult>> results : columns.values()) {
                List<StepResult> steps = script < results.size() ? results.get(script) : List.of();
                cells.add(cell(scripts.get(script), steps));
                all.addAll(steps);
            }
            table.row(cells);
        }
        StringBuilder text = new StringBuilder();
        try {
            table.print(text);
        } catch (IOException e) {
            throw new UncheckedIOException("a StringBuilder throws nothing", e);
        }
        return text.append(LitmusTable.legend(all)).toString();
    }

    private static String cell(Script script, List<StepResult> results) {
        List<String> parts = new ArrayList<>();
        if (results.isEmpty()) {
            return "not run";
        }
        for (StepResult result : results) {
            String who = result.operation().process();
            Op op = result.operation().op();
            if (result.skipped()) {
                parts.add(who + " " + op.word() + ": SKIP");
            } else if (result.error() != null) {
                parts.add(who + " " + op.word() + ": " + result.error() + (result.broken() ? "!!" : ""));
            } else if (result.torn().isPresent()) {
                parts.add(who + " " + op.word() + ": torn at word " + result.torn().getAsInt() + "!!");
            } else if (op == Op.PAGEOUT && "present".equals(result.after())) {
                parts.add(who + " pageout: stays");
            } else if (op == Op.WRITE && !result.writeKind().equals("new")) {
                parts.add(result.writeKind());
            } else if (op == Op.PEEK || result.violated()) {
                parts.add((op == Op.PEEK ? result.operation().target() : who) + "="
                        + Long.toUnsignedString(result.value().orElse(0)) + (result.violated() ? "!" : ""));
            }
        }
        if (results.size() < script.steps().size()) {
            parts.add("ended at step " + results.size());
        }
        return parts.isEmpty() ? "-" : String.join(", ", parts);
    }
}
