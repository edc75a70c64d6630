package org.cowbench.kernel;

import java.util.List;

/**
 * How a program ended that ran in a guest.
 *
 * @param status as wait(2) tells it
 * @param log what the kernel's log said against it meanwhile
 */
public record ProgramEnd(int status, List<LogFinding> log) {
    private static final int SIGNAL = 0x7f;
    private static final int EXIT = 8;
    private static final int NOT_STARTED = 127;

    /** Copies the list. */
    public ProgramEnd {
        log = List.copyOf(log);
    }

    /**
     * Whether it could be run.
     *
     * @return false where the kernel could not start it, as with a program for another machine
     */
    public boolean started() {
        return status != NOT_STARTED << EXIT;
    }

    /**
     * How it ended, for people.
     *
     * @return the exit status or the signal
     */
    public String text() {
        return (status & SIGNAL) == 0 ? "exit status " + (status >> EXIT) : "signal " + (status & SIGNAL);
    }
}
