package org.cowbench.report.check;

import java.util.List;
import java.util.stream.Collectors;
import org.cowbench.check.Judgement;
import org.cowbench.check.KnownCase;
import org.cowbench.check.Verdict;
import org.cowbench.check.Violation;
import org.cowbench.policy.Property;
import org.cowbench.report.text.TextTable;

/** What the checker found as KTAP version 1, which kernel test tooling reads: a test a policy, a subtest a property. */
public final class CheckKtap {

    private CheckKtap() {}

    /**
     * Writes the document.
     *
     * @param head what was judged by which build
     * @param judgements one a policy
     * @return the document, each line ended
     */
    public static String write(CheckHead head, List<Judgement> judgements) {
        StringBuilder out = new StringBuilder("KTAP version 1\n");
        out.append("1..").append(judgements.size()).append('\n');
        head.lines().forEach(line -> out.append("# ").append(TextTable.ascii(line)).append('\n'));
        int number = 0;
        for (Judgement judgement : judgements) {
            out.append("    KTAP version 1\n");
            out.append("    # Subtest: ").append(name(judgement.policy())).append('\n');
            out.append("    1..").append(judgement.verdicts().size()).append('\n');
            judgement.results().stream().filter(each -> each.ending().early()).forEach(each ->
                    comment(out, "stopped early: " + each.scope().title() + ": " + each.stopped()));
            int sub = 0;
            for (Property property : judgement.verdicts().keySet()) {
                Verdict verdict = judgement.verdicts().get(property);
                if (verdict instanceof Verdict.Unsafe unsafe) {
                    unsafe.violations().forEach(each -> diagnose(out, each));
                }
                result(out.append("    "), !(verdict instanceof Verdict.Unsafe), ++sub, property.id(),
                        details(verdict));
            }
            result(out, !judgement.unsafe(), ++number, name(judgement.policy()), "");
        }
        return out.toString();
    }

    private static void result(StringBuilder out, boolean ok, int number, String name, String details) {
        out.append(ok ? "ok " : "not ok ").append(number).append(' ').append(name)
                .append(details.isEmpty() ? "" : " # " + details).append('\n');
    }

    private static String details(Verdict verdict) {
        return switch (verdict) {
            case Verdict.Safe safe -> "safe: fixpoint in " + safe.fixpoint().title()
                    + (safe.beyond().isEmpty() ? "" : safe.beyond().stream().map(Verdict.Bound::title)
                            .collect(Collectors.joining("; ", "; no violation in ", "")));
            case Verdict.NotJudged not -> "SKIP " + TextTable.ascii(not.missing());
            case Verdict.SafeWithin within -> within.word() + ": " + TextTable.ascii(within.reason());
            case Verdict.Unsafe unsafe -> unsafe.word() + ": " + KnownCase.of(unsafe.violations().getFirst()).title();
        };
    }

    private static void diagnose(StringBuilder out, Violation violation) {
        comment(out, KnownCase.of(violation).title() + ", " + violation.moves() + " moves"
                + (violation.scriptShowsIt() ? "" : "; no script can show it"));
        violation.script().text().lines().forEach(line -> comment(out, "    " + line));
        violation.environment().forEach(move ->
                comment(out, "    before step " + move.before() + ": " + move.text()));
        if (!violation.message().isEmpty()) {
            comment(out, violation.message());
        }
    }

    private static void comment(StringBuilder out, String text) {
        out.append("    # ").append(TextTable.ascii(text)).append('\n');
    }

    /** A name must not hold the mark that ends it. */
    private static String name(String text) {
        return TextTable.ascii(text).replace('#', '?');
    }
}
