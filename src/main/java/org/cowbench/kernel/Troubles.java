package org.cowbench.kernel;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.cowbench.check.ScriptJudge;
import org.cowbench.litmus.StepResult;

/** What no kernel may show: {@link ScriptJudge}'s breaches, and what the kernel says or does to itself. */
final class Troubles {
    private Troubles() {}

    /**
     * Judges a run.
     *
     * @param run what a kernel did
     * @return what no kernel may show, the worst first
     */
    static List<KernelCheck.Trouble> of(ScriptRun run) {
        List<KernelCheck.Trouble> found = new ArrayList<>();
        run.end()
                .ifPresent(end -> found.add(new KernelCheck.Trouble(
                        Harm.CRASH.words(), run.results().size(), String.valueOf(end.getMessage()))));
        run.harm()
                .forEach(finding -> found.add(new KernelCheck.Trouble(
                        (finding.unfreed() ? Harm.UNFREED : Harm.LOG).words(),
                        finding.when() == LogFinding.When.END
                                ? run.script().steps().size()
                                : finding.step(),
                        finding.line())));
        for (StepResult result : run.results()) {
            if (result.torn().isPresent()) {
                found.add(new KernelCheck.Trouble(
                        Harm.TORN.words(),
                        result.step(),
                        "word " + result.torn().getAsInt() + " is not the page's"));
            } else if (result.broken()) {
                found.add(new KernelCheck.Trouble(
                        Harm.ofError(result, false).words(), result.step(), Objects.requireNonNull(result.error())));
            }
        }
        for (ScriptJudge.Breach breach : ScriptJudge.of(run.script(), run.results())) {
            found.add(new KernelCheck.Trouble(
                    breach.property().id(),
                    breach.step(),
                    breach.by() + " shows "
                            + Long.toUnsignedString(breach.seen())
                            + (breach.due().isPresent()
                                    ? ", not "
                                            + Long.toUnsignedString(breach.due().getAsLong())
                                    : ", which it must not")));
        }
        return found;
    }
}
