package org.cowbench.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.cowbench.kernel.Conformance;
import org.cowbench.kernel.LogFinding;
import org.cowbench.kernel.Mismatch;
import org.cowbench.litmus.Script;
import org.cowbench.report.litmus.ScriptKtap;
import org.jspecify.annotations.Nullable;

/** What comparisons of model and kernel came to, for people and for kernel test tooling. */
final class ConformText {
    private static final int SHOWN = 10;
    /** What a script is marked with that was not made as small as can be. */
    static final String CUT = "cut short: a smaller script may show it too";

    private ConformText() {}

    /**
     * Prints what differs, and a line of summary.
     *
     * @param label the kernel's label
     * @param title which kernel was compared with what
     * @param seed of the random scripts
     * @param keep folder for scripts that differ, null for none
     */
    static void print(
            PrintWriter out, String label, String title, long seed, @Nullable Path keep, Conformance.Report report) {
        for (Conformance.Finding finding :
                report.findings().stream().limit(SHOWN).toList()) {
            print(out, finding);
        }
        if (report.findings().size() > SHOWN) {
            int more = report.findings().size() - SHOWN;
            out.printf(
                    Locale.ROOT,
                    "# and %d more script%s%s:%n",
                    more,
                    more == 1 ? "" : "s",
                    keep == null ? "; --keep DIR keeps them all" : "");
            report.findings().stream()
                    .skip(SHOWN)
                    .forEach(finding -> out.printf(
                            Locale.ROOT,
                            "#   %s: %s%n",
                            finding.script().file(),
                            describe(finding.script(), finding.worst())));
        }
        if (keep != null) {
            keep(keep, label, title, report);
            out.printf(
                    Locale.ROOT,
                    "# %s: %d kept in %s%n",
                    label,
                    report.findings().size(),
                    keep);
        }
        report.boot()
                .forEach(finding -> out.printf(
                        Locale.ROOT,
                        "# %s: while booting%s: %s%n",
                        label,
                        finding.counts() ? "" : ", not about memory and not counted",
                        finding.line()));
        report.excluded()
                .forEach((rule, steps) -> out.printf(
                        Locale.ROOT, "# %s: %d steps left out by rule %s: %s%n", label, steps, rule, rule.reason()));
        report.uncounted()
                .forEach((counter, why) -> out.printf(Locale.ROOT, "# %s: %s not compared: %s%n", label, counter, why));
        if (report.unrepeated() > 0) {
            out.printf(
                    Locale.ROOT,
                    "# %s: %d scripts differed once and agreed when repeated%n",
                    label,
                    report.unrepeated());
        }
        report.ended().ifPresent(end -> out.printf(Locale.ROOT, "# %s: ended early: %s%n", label, end.getMessage()));
        out.printf(
                Locale.ROOT,
                "%s, %d scripts, random seed %d: %s%s%n",
                title,
                report.scripts(),
                seed,
                report.summary(),
                report.judged() ? "" : "; nothing was compared, all is left out by rule");
        out.flush();
    }

    static void keep(@Nullable Path keep, String label, String title, Conformance.Report report) {
        if (keep != null) {
            report.findings().forEach(finding -> KeptScripts.keep(keep, label, title, finding));
        }
    }

    static List<ScriptKtap.Outcome> outcomes(Conformance.Report report) {
        Map<String, Conformance.Finding> findings = new HashMap<>();
        report.findings()
                .forEach(finding -> findings.putIfAbsent(finding.script().file(), finding));
        return report.asked().stream()
                .map(asked -> outcome(asked, findings.get(asked.script().file())))
                .toList();
    }

    private static ScriptKtap.Outcome outcome(Conformance.Asked asked, Conformance.@Nullable Finding finding) {
        List<String> details = new ArrayList<>();
        asked.leftOut()
                .forEach(
                        (rule, steps) -> details.add(steps + " steps left out by rule " + rule + ": " + rule.reason()));
        String name = asked.script().file();
        if (finding != null) {
            finding.minimalMismatches().forEach(mismatch -> details.add(describe(finding.minimal(), mismatch)));
            if (finding.cut()) {
                details.add(CUT);
            }
            finding.minimal().text().lines().forEach(line -> details.add("    " + line));
            return new ScriptKtap.Outcome(
                    name, ScriptKtap.State.FAILED, finding.worst().harm().words(), details);
        }
        if (asked.compared()) {
            return new ScriptKtap.Outcome(name, ScriptKtap.State.PASSED, "", details);
        }
        return asked.leftOut().isEmpty()
                ? new ScriptKtap.Outcome(name, ScriptKtap.State.FAILED, "not run", details)
                : new ScriptKtap.Outcome(
                        name,
                        ScriptKtap.State.SKIPPED,
                        asked.leftOut().keySet().iterator().next().reason(),
                        List.of());
    }

    /** What speaks against a kernel beside its scripts. */
    static List<String> against(Conformance.Report report) {
        List<String> against = new ArrayList<>();
        report.boot().stream().filter(LogFinding::counts).forEach(each -> against.add("while booting: " + each.line()));
        report.ended().ifPresent(end -> against.add("ended early: " + end.getMessage()));
        return against;
    }

    private static void print(PrintWriter out, Conformance.Finding finding) {
        boolean shrunk = !finding.minimal().equals(finding.script());
        out.printf(
                Locale.ROOT,
                "# %s: %s%s%n",
                finding.script().file(),
                finding.worst().harm().words(),
                finding.cut() ? ", cut short" : finding.repeated() ? "" : ", seen once");
        print(out, finding.script(), finding.mismatches());
        finding.log().lines().forEach(line -> out.println("#   | " + line));
        if (shrunk) {
            out.println("# minimal:");
            print(out, finding.minimal(), finding.minimalMismatches());
        }
        if (shrunk || finding.worst().harm().harms()) {
            out.print(finding.minimal().text());
        }
    }

    private static void print(PrintWriter out, Script script, List<Mismatch> mismatches) {
        if (mismatches.isEmpty()) {
            out.println("#   agreed when repeated");
        }
        mismatches.forEach(mismatch -> out.println("#   " + describe(script, mismatch)));
    }

    /** One field, with its step and what the difference is. */
    static String describe(Script script, Mismatch mismatch) {
        String place = mismatch.step() < 0
                ? "before step 0, left by what ran before"
                : mismatch.step() >= script.steps().size()
                        ? "after the last step"
                        : "step " + mismatch.step() + ", "
                                + script.steps().get(mismatch.step()).text();
        return String.format(
                Locale.ROOT,
                "%s: %s",
                place,
                switch (mismatch.harm()) {
                    case CRASH, LOG -> mismatch.harm().words() + ": " + mismatch.kernel();
                    case UNFREED -> mismatch.kernel();
                    default ->
                        String.format(
                                Locale.ROOT,
                                "%s is %s in the model, %s in the kernel (%s)",
                                mismatch.field(),
                                mismatch.model(),
                                mismatch.kernel(),
                                mismatch.harm().words());
                });
    }
}
