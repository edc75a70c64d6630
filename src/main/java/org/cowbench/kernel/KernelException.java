package org.cowbench.kernel;

/**
 * What keeps a kernel from being asked, or what went wrong while it was; the message is one line that names the remedy.
 */
public final class KernelException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Whose fault it is, and with it the exit status. */
    public enum Kind {
        /** The kernel under test crashed, panicked, hung or killed the probe: a finding about that kernel. */
        KERNEL(1),
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
    }

    /** Whose fault it is. */
    private final Kind kind;
    /** The guest's last console lines, or the empty string. */
    private final String log;

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
     * @param log the guest's last console lines, or the empty string
     * @param cause what was caught, or null
     */
    public KernelException(Kind kind, String message, String log, Throwable cause) {
        super(message, cause);
        this.kind = kind;
        this.log = log;
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
     * The tail of the guest's console.
     *
     * @return lines, or the empty string
     */
    public String log() {
        return log;
    }
}
