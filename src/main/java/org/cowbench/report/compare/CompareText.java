package org.cowbench.report.compare;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.cowbench.compare.Comparison;
import org.cowbench.compare.Comparison.Design;
import org.cowbench.compare.Comparison.Kind;
import org.cowbench.compare.Comparison.Row;
import org.cowbench.compare.Gate;
import org.cowbench.compare.GeometricMean;
import org.cowbench.compare.Histograms;
import org.cowbench.compare.VerdictCounts;
import org.cowbench.report.text.CompareNumbers;
import org.cowbench.report.text.Mail;
import org.cowbench.report.text.TextTable;
import org.cowbench.report.text.Wording;
import org.cowbench.stats.Power;
import org.cowbench.stats.Verdict;

/** A comparison as text for a mail or a changelog: plain ASCII, at most {@value org.cowbench.report.text.Mail#WIDTH} columns. */
final class CompareText {
    /** Stands where there is no row to show. */
    static final String NOTHING = "no row to show";

    private static final int LABEL = 12;
    private static final int P = 5;
    private static final int COMMIT = 12;
    private static final int MOST_WARNINGS = 10;

    private final Comparison comparison;
    private final boolean all;
    private final StringBuilder out = new StringBuilder();

    private CompareText(Comparison comparison, boolean all) {
        this.comparison = comparison;
        this.all = all;
    }

    /**
     * Writes a comparison.
     *
     * @param comparison what to write
     * @param all whether percentiles and counters that show nothing are written too
     * @return lines, each ending in a newline
     */
    static String of(Comparison comparison, boolean all) {
        CompareText text = new CompareText(comparison, all);
        text.head();
        text.groups();
        text.foot();
        return text.out.toString();
    }

    private void head() {
        line("cowbench compare");
        String disturbed = CompareWording.disturbed(comparison);
        if (!disturbed.isEmpty()) {
            paragraph(disturbed, "  ");
        }
        paragraph("base  " + side(comparison.base()), "      ");
        paragraph("head  " + side(comparison.head()), "      ");
        paragraph(design(comparison), "  ");
        String marked = CompareWording.marked(comparison);
        if (!marked.isEmpty()) {
            paragraph(marked, "  ");
        }
        if (!comparison.valid()) {
            paragraph(invalid(comparison), "  ");
        }
        if (!comparison.environment().isEmpty()) {
            line(differing(comparison));
            comparison.environment().forEach(d -> paragraph("  " + difference(d), "    "));
        } else if (comparison.design() == Design.PAIRED) {
            line("same environment");
        }
        List<String> warnings = CompareWording.warnings(comparison);
        warnings.stream().limit(MOST_WARNINGS).forEach(warning -> paragraph("warning: " + warning, "  "));
        if (warnings.size() > MOST_WARNINGS) {
            line("warning: and " + (warnings.size() - MOST_WARNINGS) + " more, see --format json");
        }
    }

    /**
     * What the rows come to: how many got which verdict, their geometric mean, and how many of them are shown.
     *
     * @param comparison any comparison
     * @return one line each, not wrapped
     */
    static List<String> summary(Comparison comparison) {
        List<String> lines = new ArrayList<>(List.of(CompareWording.counts(VerdictCounts.of(comparison))));
        lines.addAll(CompareWording.means(comparison));
        String view = CompareWording.view(comparison);
        if (!view.isEmpty()) {
            lines.add(view);
        }
        return lines;
    }

    /**
     * What must be known before a number is believed: the sides, the design, whether the session is valid, what the
     * rows come to, what the gate says, how the environments differ, and all warnings.
     *
     * @param comparison any comparison
     * @return one line each, not wrapped
     */
    static List<String> trust(Comparison comparison) {
        List<String> lines =
                new ArrayList<>(Stream.of(CompareWording.disturbed(comparison), CompareWording.marked(comparison))
                        .filter(line -> !line.isEmpty())
                        .toList());
        lines.add("base: " + side(comparison.base()));
        lines.add("head: " + side(comparison.head()));
        lines.add(design(comparison));
        if (!comparison.valid()) {
            lines.add(invalid(comparison));
        }
        lines.addAll(summary(comparison));
        String gate = gate(comparison);
        if (!gate.isEmpty()) {
            lines.add(gate);
        }
        comparison.environment().forEach(d -> lines.add(differing(comparison) + " " + difference(d)));
        CompareWording.warnings(comparison).forEach(warning -> lines.add("warning: " + warning));
        lines.replaceAll(line -> line.replaceAll("\\R", " "));
        return lines;
    }

    /** Why nothing is to be believed, of a comparison that is not valid. */
    static String invalid(Comparison comparison) {
        return "INVALID: the control is the base measured against itself, and it differs in "
                + String.join(", ", comparison.control().biased())
                + "; nothing below is to be believed. Measure again on a quieter machine";
    }

    private static String differing(Comparison comparison) {
        return comparison.environment().stream().anyMatch(Comparison.Difference::machine)
                ? "DIFFERENT MACHINES:"
                : "the environments differ:";
    }

    private static String difference(Comparison.Difference d) {
        return d.key() + ": " + absent(d.base()) + " -> " + absent(d.head());
    }

    private static String absent(String value) {
        return value.isEmpty() ? "(absent)" : value;
    }

    static String side(Comparison.Side side) {
        String text = side.label();
        if (!side.what().isEmpty()) {
            text += " " + side.what() + (CompareWording.marked(side) ? Wording.MARK : "");
        }
        if (!side.commit().isEmpty()) {
            text += ", commit "
                    + side.commit().substring(0, Math.min(COMMIT, side.commit().length()))
                    + (side.dirty() ? " (with local changes)" : "");
        }
        return side.kernel().isEmpty() ? text : text + ", Linux " + side.kernel();
    }

    static String design(Comparison comparison) {
        if (comparison.design() == Design.UNPAIRED) {
            return comparison.drifts()
                    ? "unpaired: drift not controlled"
                    : "separate runs; what is counted does not drift";
        }
        Comparison.Control control = comparison.control();
        String text = "paired in " + comparison.blocks() + (comparison.blocks() == 1 ? " block" : " blocks")
                + " of one sitting"
                + (comparison.base().seed() == 0
                        ? ""
                        : ", order from seed " + comparison.base().seed())
                + (comparison.looks().isEmpty()
                        ? ""
                        : "; ended at look " + comparison.look() + " of "
                                + comparison.looks().size() + ", at most "
                                + comparison.looks().getLast() + " blocks");
        return switch (control.state()) {
            case NONE -> text;
            case CLEAN ->
                text + "; control"
                        + (control.rows() == 0
                                ? ": too noisy to show a bias"
                                : " (base against itself, " + control.rows() + (control.rows() == 1 ? " row" : " rows")
                                        + "): no bias shown, none beyond " + CompareNumbers.percent(control.largest())
                                        + " left open");
            case BIASED -> text + "; control: BIASED";
        };
    }

    private void groups() {
        int hidden = 0;
        if (comparison.rows().isEmpty()) {
            line("");
            line(NOTHING);
        }
        for (Comparison.Group group : comparison.groups()) {
            List<Row> shown = shown(group, all);
            hidden += group.rows().size() - shown.size();
            if (shown.isEmpty()) {
                continue;
            }
            Row first = group.rows().getFirst();
            line("");
            paragraph(CompareWording.title(group) + " (" + first.unit() + ", " + better(first) + ")", "  ");
            row("", "base", "head", "change", intervalName(), "p", "verdict");
            shown.forEach(this::row);
        }
        if (hidden > 0) {
            line("");
            paragraph(
                    hidden + (hidden == 1 ? " row" : " rows") + " of percentiles and counters not shown: identical ("
                            + comparison.identicalCounters()
                            + " exactly), inconclusive, or percentiles that say what their"
                            + " score says; --all shows them",
                    "  ");
        }
    }

    /**
     * The rows of a group that are news: scores, and what says something else than they do.
     *
     * @param all whether every row is wanted
     * @return rows in order
     */
    static List<Row> shown(Comparison.Group group, boolean all) {
        List<Row> shown = new ArrayList<>();
        Verdict score = Verdict.SAME;
        for (Row row : group.rows()) {
            if (row.kind() == Kind.SCORE) {
                score = row.verdict();
            }
            boolean silent = row.verdict() == Verdict.SAME
                    || row.verdict() == Verdict.INCONCLUSIVE
                    || row.kind() == Kind.PERCENTILE && row.verdict() == score;
            if (all || row.kind() == Kind.SCORE || !silent) {
                shown.add(row);
            }
        }
        return shown;
    }

    static String better(Row row) {
        return row.lowerIsBetter() ? "lower is better" : "higher is better";
    }

    private String intervalName() {
        return CompareNumbers.confidence(comparison.rule().confidence()) + "% interval";
    }

    private void row(Row row) {
        String label = row.kind() == Kind.SCORE ? CompareWording.name(comparison, row) : " " + row.metric();
        if (TextTable.ascii(label).length() > LABEL) {
            paragraph(label, "  ");
            label = "";
        }
        String interval = row.kind() == Kind.EXACT ? "exact" : CompareNumbers.interval(row);
        boolean wide = interval.length() > CompareNumbers.INTERVAL_WIDTH;
        row(
                label,
                CompareNumbers.base(row),
                CompareNumbers.head(row),
                CompareNumbers.change(row),
                wide ? "" : interval,
                CompareNumbers.p(row.adjusted()),
                row.verdict().word());
        String indent = " ".repeat(LABEL + 1);
        if (wide) {
            paragraph(indent + intervalName() + " " + interval, indent);
        }
        String said = CompareWording.said(row);
        if (!said.isEmpty()) {
            paragraph(indent + said, indent);
        }
        String failures = failures(row);
        if (row.kind() == Kind.SCORE && !failures.isEmpty()) {
            paragraph(indent + failures, indent);
        }
    }

    /** How many forks of each side failed, empty when none did. */
    static String failures(Row row) {
        return row.baseForks().failed() + row.headForks().failed() == 0
                ? ""
                : "failed forks: base " + failed(row.baseForks()) + ", head " + failed(row.headForks());
    }

    private static String failed(Comparison.ForkValues forks) {
        return forks.failed() + " of " + (forks.failed() + forks.count());
    }

    private void row(String label, String base, String head, String change, String interval, String p, String verdict) {
        line((left(label, LABEL) + " " + right(base, CompareNumbers.VALUE_WIDTH) + " "
                        + right(head, CompareNumbers.VALUE_WIDTH) + " " + right(change, CompareNumbers.CHANGE_WIDTH)
                        + " "
                        + left(interval, CompareNumbers.INTERVAL_WIDTH) + " " + right(p, P) + " " + verdict)
                .stripTrailing());
    }

    private void foot() {
        line("");
        summary(comparison).forEach(each -> paragraph(each, "  "));
        line("");
        paragraph(method(comparison), "");
        if (comparison.rows().stream().anyMatch(Row::modelled)) {
            paragraph(Wording.MODEL, "");
        }
        String gate = gate(comparison);
        if (!gate.isEmpty()) {
            paragraph(gate, "  ");
        }
    }

    /** Levels, bound and tests, in a few sentences. */
    static String method(Comparison comparison) {
        List<String> tests = comparison.judged().stream()
                .map(row -> switch (row.test()) {
                    case SIGNED_RANK ->
                        "Hodges-Lehmann estimate and exact signed-rank test of the log ratios of "
                                + row.replicate().word() + "s";
                    case PAIRED_T ->
                        "paired t test of the log ratios of " + row.replicate().word()
                                + "s where they are too few for ranks";
                    case FIELLER -> "Fieller interval and Welch's t test over forks";
                    case WELCH -> "Welch's t test over forks";
                    case NONE -> "";
                })
                .filter(test -> !test.isEmpty())
                .distinct()
                .toList();
        long scores = comparison.judged().stream()
                .filter(row -> row.kind() == Kind.SCORE && !Double.isNaN(row.p()))
                .count();
        String level = CompareNumbers.percent(comparison.rule().level());
        String bound = CompareNumbers.percent(comparison.rule().bound());
        List<String> sentences = new ArrayList<>();
        sentences.add("A fork counts once: the median of its iterations");
        if (!tests.isEmpty()) {
            sentences.add(tests.stream().collect(Collectors.joining("; ")));
        }
        sentences.add("p: corrected by Holm over " + scores + (scores == 1 ? " score" : " scores")
                + "; other rows by Benjamini and Hochberg");
        int heads = comparison.options().heads();
        List<Integer> looks = comparison.looks();
        double ofAllLooks = comparison.rule().level() * Math.max(1, looks.size());
        if (heads > 1) {
            sentences.add("One of " + heads + " heads: each has its part, " + CompareNumbers.percent(ofAllLooks)
                    + ", of a level of " + CompareNumbers.percent(ofAllLooks * heads) + " for all of them together");
        }
        sentences.add("faster, slower: p at most " + level + " and the interval beyond " + bound + "; same: the "
                + CompareNumbers.confidence(comparison.rule().sameConfidence()) + " % interval within " + bound);
        if (!looks.isEmpty()) {
            sentences.add("Sequential: looks were planned after "
                    + looks.stream().map(String::valueOf).collect(Collectors.joining(", "))
                    + " blocks, the first with every"
                    + " score decided ends the session; this is look " + comparison.look()
                    + ". Each look has its part, "
                    + level + ", of a level of " + CompareNumbers.percent(ofAllLooks)
                    + " for all of them together, and so have the errors of the intervals (Bonferroni)");
        }
        sentences.add("too noisy, no number: over a fifth of a side's forks far off, over half of them disturbed, or"
                + " inconclusive with a scatter that " + Power.MOST_BLOCKS + " blocks would not bring within " + bound);
        if (comparison.rows().stream().anyMatch(row -> row.kind() == Kind.PERCENTILE && !batched(row))) {
            sentences.add("Percentiles of mode sample, p0.00 to p1.00, are of all samples of a fork");
        }
        if (GeometricMean.of(comparison).stream().anyMatch(mean -> mean.rows() > 1)) {
            sentences.add("Geometric mean: of the changes of all scores, each counting once; its interval is by the "
                    + (comparison.design() == Design.PAIRED ? "blocks" : "forks") + " of each");
        }
        comparison.judged().stream()
                .filter(row -> row.kind() == Kind.PERCENTILE && batched(row))
                .map(row -> CompareWording.values(row.unit()))
                .distinct()
                .forEach(values -> sentences.add("Percentiles are of " + values
                        + ", 0.1 % fine, and shown where each fork has 100 values beyond"));
        return String.join(". ", sentences) + ".";
    }

    /** Whether a percentile is one of those that cowbench's own histograms give. */
    private static boolean batched(Row row) {
        return Histograms.names(row.key().metric().name());
    }

    /** What the gate says, empty without one. */
    static String gate(Comparison comparison) {
        return CompareWording.gate(comparison, Gate.of(comparison));
    }

    private static String left(String text, int width) {
        return text.length() >= width ? text : text + " ".repeat(width - text.length());
    }

    private static String right(String text, int width) {
        return text.length() >= width ? text : " ".repeat(width - text.length()) + text;
    }

    private void line(String text) {
        out.append(TextTable.ascii(text)).append('\n');
    }

    private void paragraph(String text, String indent) {
        out.append(Mail.wrap(text, indent));
    }
}
