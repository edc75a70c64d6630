package org.cowbench.cli;

/** Exit statuses of every command. */
public final class ExitStatus {
    /** Done, and nothing is wrong. */
    public static final int OK = 0;
    /** A regression, violation, mismatch or failed fork was found. */
    public static final int FOUND = 1;
    /** The command line or an input file is wrong. */
    public static final int USAGE = 2;
    /** The machine lacks what the command needs, or output cannot be written. */
    public static final int LACKS = 3;
    /** What was asked could not be judged, which is neither a pass nor a finding. */
    public static final int NOT_JUDGED = 4;
    /** A defect of cowbench itself. */
    public static final int INTERNAL = 70;
    /** Interrupted from the keyboard; what was finished is kept. */
    public static final int INTERRUPTED = 130;

    private ExitStatus() {}
}
