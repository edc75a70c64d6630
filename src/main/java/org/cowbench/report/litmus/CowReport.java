package org.cowbench.report.litmus;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.cowbench.litmus.selftest.CowComparison;
import org.cowbench.litmus.selftest.CowComparison.Row;
import org.cowbench.litmus.selftest.CowComparison.Verdict;
import org.cowbench.litmus.selftest.CowOutcome;
import org.cowbench.report.text.TextTable;

/** The kernel's own selftest beside the model's predictions, for people and for programs. */
public final class CowReport {

    private CowReport() {}

    /**
     * The counts, and each test that is more than an agreement to pass.
     *
     * @param comparison one kernel's
     * @return the text, each line ended
     */
    public static String summary(CowComparison comparison) {
        int agree = comparison.rows(Verdict.AGREE).size();
        int differ = comparison.rows(Verdict.DIFFER).size();
        Map<CowOutcome.Kind, Integer> seen = new LinkedHashMap<>();
        comparison.rows(Verdict.AGREE).forEach(row -> seen.merge(row.seen().kind(), 1, Integer::sum));
        StringBuilder text = new StringBuilder();
        text.append(comparison.kernel())
                .append(" (")
                .append(comparison.policy())
                .append("): ")
                .append(comparison.rows().size())
                .append(" tests, ")
                .append(agree + differ)
                .append(" compared: ")
                .append(agree)
                .append(" agree");
        if (!seen.isEmpty()) {
            text.append(" (")
                    .append(String.join(
                            ", ",
                            seen.entrySet().stream()
                                    .map(each -> each.getValue() + " " + each.getKey())
                                    .toList()))
                    .append(')');
        }
        text.append(", ").append(differ).append(" differ\n");
        comparison
                .rows(Verdict.DIFFER)
                .forEach(row -> item(
                        text,
                        "differs: " + row.name() + ": cow.c says "
                                + row.seen().kind() + explained(row.seen()) + ", the model "
                                + row.predicted().orElseThrow().kind()
                                + explained(row.predicted().orElseThrow())));
        comparison
                .knownFailures()
                .forEach(row -> item(
                        text,
                        "fails, as the model says: " + row.name()
                                + explained(row.predicted().orElseThrow())));
        for (Verdict verdict : List.of(Verdict.NOT_ASKED, Verdict.NO_SCRIPT)) {
            Map<String, Integer> reasons = new LinkedHashMap<>();
            comparison.rows(verdict).forEach(row -> reasons.merge(row.why(), 1, Integer::sum));
            reasons.forEach((why, count) -> item(text, verdict + ": " + count + ": " + why));
        }
        return text.toString();
    }

    private static String explained(CowOutcome outcome) {
        return outcome.why().isEmpty() ? "" : " (" + outcome.why() + ")";
    }

    private static void item(StringBuilder text, String line) {
        try {
            TextTable.paragraph(text.append("  "), line);
        } catch (IOException e) {
            throw new UncheckedIOException("a StringBuilder throws nothing", e);
        }
    }

    /**
     * A line a test.
     *
     * @param comparison one kernel's
     * @return the text, each line ended
     */
    public static String table(CowComparison comparison) {
        TextTable table = new TextTable("<" + comparison.kernel(), "<cow.c", "<" + comparison.policy(), "<", "<why");
        comparison
                .rows()
                .forEach(row -> table.row(List.of(
                        TextTable.ascii(row.name()),
                        row.seen().kind().toString(),
                        model(row),
                        row.verdict().toString(),
                        TextTable.ascii(row.why()))));
        StringBuilder text = new StringBuilder();
        try {
            table.print(text);
        } catch (IOException e) {
            throw new UncheckedIOException("a StringBuilder throws nothing", e);
        }
        return text.toString();
    }

    private static String model(Row row) {
        return row.predicted().map(each -> each.kind().toString()).orElse("-");
    }

    /**
     * One JSON object a test.
     *
     * @param comparison one kernel's
     * @return the text, each line ended
     */
    public static String jsonl(CowComparison comparison) {
        StringBuilder text = new StringBuilder();
        ObjectMapper mapper = new ObjectMapper();
        for (Row row : comparison.rows()) {
            ObjectNode json = mapper.createObjectNode();
            json.put("kernel", comparison.kernel())
                    .put("policy", comparison.policy())
                    .put("test", row.name())
                    .put("cow", row.seen().kind().toString());
            row.predicted().ifPresent(model -> json.put("model", model.kind().toString()));
            json.put("verdict", row.verdict().toString());
            if (!row.why().isEmpty()) {
                json.put("why", row.why());
            }
            text.append(json).append('\n');
        }
        return text.toString();
    }

    /**
     * KTAP version 1: a test a kernel, a subtest a test of cow.c, ok where model and kernel agree.
     *
     * @param comparisons the kernels
     * @return the document, each line ended
     */
    public static String ktap(List<CowComparison> comparisons) {
        StringBuilder out = new StringBuilder("KTAP version 1\n1..")
                .append(comparisons.size())
                .append('\n');
        int number = 0;
        for (CowComparison comparison : comparisons) {
            String name = "cow.c on " + comparison.kernel() + ", model " + comparison.policy();
            out.append("    KTAP version 1\n    # Subtest: ")
                    .append(name(name))
                    .append("\n    1..")
                    .append(comparison.rows().size())
                    .append('\n');
            int sub = 0;
            for (Row row : comparison.rows()) {
                boolean skip = row.predicted().isEmpty() || row.verdict() == Verdict.NOT_ASKED;
                out.append("    ")
                        .append(row.verdict() == Verdict.DIFFER ? "not ok " : "ok ")
                        .append(++sub)
                        .append(' ')
                        .append(name(row.name()))
                        .append(" # ")
                        .append(
                                skip
                                        ? "SKIP " + TextTable.ascii(row.why())
                                        : "cow.c: " + row.seen().kind() + ", model: " + model(row))
                        .append('\n');
            }
            if (!comparison.incomplete().isEmpty()) {
                out.append("    # ")
                        .append(TextTable.ascii(comparison.incomplete()))
                        .append('\n');
            }
            out.append(
                            comparison.rows(Verdict.DIFFER).isEmpty()
                                            && comparison.incomplete().isEmpty()
                                    ? "ok "
                                    : "not ok ")
                    .append(++number)
                    .append(' ')
                    .append(name(name))
                    .append('\n');
        }
        return out.toString();
    }

    /** A name must not hold the mark that ends it. */
    private static String name(String text) {
        return TextTable.ascii(text).replace('#', '?');
    }
}
