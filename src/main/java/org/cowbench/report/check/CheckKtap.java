package org.cowbench.report.check;

import java.util.List;
import java.util.stream.Collectors;
import org.cowbench.check.Judgement;
import org.cowbench.check.KnownCase;
import org.cowbench.check.Relative;
import org.cowbench.check.Verdict;
import org.cowbench.check.Violation;
import org.cowbench.policy.Property;
import org.cowbench.report.text.Ktap;

/** What the checker found as KTAP version 1, which kernel test tooling reads: a test a policy, a subtest a property. */
public final class CheckKtap {

    private CheckKtap() {}

    /**
     * Writes the document. Where a base was asked for, a property fails only if the policy adds a case to it.
     *
     * @param found what was judged
     * @return the document, each line ended
     */
    public static String write(CheckFindings found) {
        Ktap out = new Ktap(found.judgements().size());
        found.head().lines().forEach(out::comment);
        for (Judgement judgement : found.judgements()) {
            Ktap inner = out.subtest(judgement.policy(), judgement.verdicts().size());
            judgement.results().stream()
                    .filter(each -> each.ending().early())
                    .forEach(each ->
                            inner.comment("stopped early: " + each.scope().title() + ": " + each.stopped()));
            judgement.verdicts().forEach((property, verdict) -> property(inner, found, judgement, property, verdict));
            out.result(
                    !found.fails(judgement),
                    judgement.policy(),
                    found.relative(judgement).map(Relative::words).orElse(""));
        }
        return out.toString();
    }

    private static void property(
            Ktap out, CheckFindings found, Judgement judgement, Property property, Verdict verdict) {
        switch (verdict) {
            case Verdict.NotJudged not -> out.skip(property.id(), not.missing());
            case Verdict.Unsafe unsafe -> {
                unsafe.violations().forEach(each -> diagnose(out, each));
                List<Relative.Case> added = found.relative(judgement).map(Relative::adds).orElse(List.of()).stream()
                        .filter(each -> each.property() == property)
                        .toList();
                String cases = KnownCase.of(unsafe.violations().getFirst()).title();
                if (found.againstBase()) {
                    String base = found.base().orElseThrow();
                    out.result(
                            added.isEmpty(),
                            property.id(),
                            added.isEmpty()
                                    ? "no more than " + base + ": " + cases
                                    : "not in " + base + ": "
                                            + added.stream()
                                                    .map(Relative.Case::label)
                                                    .collect(Collectors.joining(", ")));
                } else {
                    out.result(false, property.id(), unsafe.word() + ": " + cases);
                }
            }
            case Verdict.Safe safe ->
                out.result(
                        true,
                        property.id(),
                        "safe: fixpoint in " + safe.fixpoint().title()
                                + (safe.beyond().isEmpty()
                                        ? ""
                                        : safe.beyond().stream()
                                                .map(Verdict.Bound::title)
                                                .collect(Collectors.joining("; ", "; no violation in ", ""))));
            case Verdict.SafeWithin within -> out.result(true, property.id(), within.word() + ": " + within.reason());
        }
    }

    private static void diagnose(Ktap out, Violation violation) {
        out.comment(KnownCase.of(violation).title() + ", " + violation.moves() + " moves"
                + (violation.scriptShowsIt() ? "" : "; no script can show it"));
        violation.script().text().lines().forEach(line -> out.comment("    " + line));
        violation.environment().forEach(move -> out.comment("    before step " + move.before() + ": " + move.text()));
        if (!violation.message().isEmpty()) {
            out.comment(violation.message());
        }
    }
}
