package org.cowbench.kernel;

import java.util.List;
import java.util.Optional;
import org.cowbench.litmus.Script;
import org.cowbench.litmus.StepResult;
import org.jspecify.annotations.Nullable;

/**
 * What keeps a kernel from being asked, or what went wrong while it was; the message is one line that names the remedy.
 */
public final class KernelException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Whose fault it is, and with it the exit status. */
    public enum Kind {
        /** The kernel under test crashed, panicked or killed the probe: a finding about that kernel. */
        KERNEL(1),
        /** It ran and did not answer: a finding as well, but one that costs the time limit to see again. */
        HUNG(1),
        /** What the user named is not what the option takes. */
        USAGE(2),
        /** This machine, or the kernel's configuration, lacks something. */
        LACKS(3);

        private final int status;

        Kind(int status) {
            this.status = status;
        }

        /**
         * The exit status.
         *
         * @return 1, 2 or 3
         */
        public int status() {
            return status;
        }

        /**
         * Whether it is a finding about the kernel under test.
         *
         * @return whether it is
         */
        public boolean finding() {
            return this == KERNEL || this == HUNG;
        }
    }

    /** Whose fault it is. */
    private final Kind kind;
    /** The guest's console lines that matter, or the empty string. */
    private final String log;
    /** The script that was running, or null. */
    private final transient @Nullable Script script;
    /** Results of the steps it had done. */
    private final transient List<StepResult> done;
    /** What the kernel's log had said against it in that script. */
    private final transient List<LogFinding> found;

    /**
     * A problem without a log.
     *
     * @param kind whose fault it is
     * @param message one line, with the remedy
     */
    public KernelException(Kind kind, String message) {
        this(kind, message, "", null);
    }

    /**
     * A problem.
     *
     * @param kind whose fault it is
     * @param message one line, with the remedy
     * @param log the guest's console lines that matter, or the empty string
     * @param cause what was caught, or null
     */
    public KernelException(Kind kind, String message, String log, @Nullable Throwable cause) {
        this(kind, message, log, cause, null, List.of(), List.of());
    }

    private KernelException(
            Kind kind,
            String message,
            String log,
            @Nullable Throwable cause,
            @Nullable Script script,
            List<StepResult> done,
            List<LogFinding> found) {
        super(message, cause);
        this.kind = kind;
        this.log = log;
        this.script = script;
        this.done = done;
        this.found = found;
    }

    /**
     * The same, with the script that was running; a finding about the kernel also says how far it came.
     *
     * @param running the script
     * @param results of the steps that it had done
     * @param said what the kernel's log had said against it meanwhile
     * @return the exception to throw instead
     */
    KernelException during(Script running, List<StepResult> results, List<LogFinding> said) {
        int step = results.size();
        String where = step == running.steps().size()
                ? "; all steps of " + running.file() + " were done"
                : "; it was at step " + step + " of " + running.file() + ", "
                        + running.steps().get(step).text();
        return new KernelException(
                kind,
                getMessage() + (kind.finding() ? where : ""),
                log,
                this,
                running,
                List.copyOf(results),
                List.copyOf(said));
    }

    /**
     * Whose fault it is.
     *
     * @return the kind
     */
    public Kind kind() {
        return kind;
    }

    /**
     * What the guest's console says about it.
     *
     * @return lines, or the empty string
     */
    public String log() {
        return log;
    }

    /**
     * The script that was running.
     *
     * @return the script; empty when none was
     */
    public Optional<Script> script() {
        return Optional.ofNullable(script);
    }

    /**
     * How far that script had come.
     *
     * @return results of the steps that were done
     */
    public List<StepResult> done() {
        return done;
    }

    /**
     * What the kernel's log had said against it in that script, before it ended.
     *
     * @return the findings
     */
    public List<LogFinding> found() {
        return found;
    }
}
