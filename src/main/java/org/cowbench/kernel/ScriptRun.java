package org.cowbench.kernel;

import java.util.List;
import java.util.Optional;
import org.cowbench.litmus.Script;
import org.cowbench.litmus.StepResult;

/**
 * What a kernel did with a script.
 *
 * @param script the script
 * @param results a result a step, up to the one that the kernel did not survive
 * @param log what its log says against it, in order
 * @param end what ended the kernel before the script was done; empty when it was done
 */
public record ScriptRun(Script script, List<StepResult> results, List<LogFinding> log, Optional<KernelException> end) {

    /** Copies the lists. */
    public ScriptRun {
        results = List.copyOf(results);
        log = List.copyOf(log);
    }

    /**
     * A script that a kernel did without a word.
     *
     * @param script the script
     * @param results a result a step
     */
    public ScriptRun(Script script, List<StepResult> results) {
        this(script, results, List.of(), Optional.empty());
    }

    /**
     * What the log says that is not from the boot.
     *
     * @return the findings
     */
    public List<LogFinding> harm() {
        return log.stream()
                .filter(finding -> finding.when() != LogFinding.When.BOOT)
                .toList();
    }

    /**
     * Whether the kernel was silent until whoever asked waited no longer.
     *
     * @return whether it was
     */
    boolean hung() {
        return end.filter(why -> why.kind() == KernelException.Kind.HUNG).isPresent();
    }

    /**
     * What belongs to the worst that the kernel said: the end of its console where it ended, else the trace of what its log
     * said first.
     *
     * @return lines, or the empty string
     */
    String trace() {
        return end.map(KernelException::log).orElseGet(() -> harm().stream()
                .filter(finding -> !finding.unfreed())
                .findFirst()
                .map(first -> String.join("\n", first.trace()))
                .orElse(""));
    }

    /**
     * What the log says of the boot, before the first script of one.
     *
     * @return the findings
     */
    public List<LogFinding> boot() {
        return log.stream()
                .filter(finding -> finding.when() == LogFinding.When.BOOT)
                .toList();
    }
}
