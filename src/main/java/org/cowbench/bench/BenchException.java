package org.cowbench.bench;

import org.jspecify.annotations.Nullable;

/** Measuring is not possible on this machine as it is; the message is one line with the remedy. */
public final class BenchException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates the exception.
     *
     * @param message one line for the user
     * @param cause the failure underneath, or null
     */
    public BenchException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
