package org.cowbench.kernel;

import java.time.Duration;
import java.util.function.Function;
import org.cowbench.litmus.Script;

/** Asks a kernel again, which may say some things only once a boot. */
final class FreshBoots {
    private final KernelSession kernel;
    /** Whether this boot may have said something already. */
    private boolean tainted = true;

    FreshBoots(KernelSession kernel) {
        this.kernel = kernel;
    }

    KernelSession kernel() {
        return kernel;
    }

    /**
     * Asks again.
     *
     * @param script the script
     * @param fresh whether it matters that the boot has said nothing yet
     * @return what the kernel did
     */
    ScriptRun ask(Script script, boolean fresh) {
        return answer(script, fresh, kernel::ask);
    }

    /**
     * Asks again, without waiting long.
     *
     * @param script the script
     * @param fresh whether it matters that the boot has said nothing yet
     * @param silence as {@link KernelSession#ask(Script, Duration)} takes it
     * @return what the kernel did
     */
    ScriptRun ask(Script script, boolean fresh, Duration silence) {
        return answer(script, fresh, again -> kernel.ask(again, silence));
    }

    private ScriptRun answer(Script script, boolean fresh, Function<Script, ScriptRun> question) {
        if (fresh && tainted) {
            kernel.restart();
            tainted = false;
        }
        ScriptRun run = question.apply(script);
        tainted = run.end().isEmpty() && (tainted || run.harm().stream().anyMatch(finding -> !finding.unfreed()));
        return run;
    }
}
