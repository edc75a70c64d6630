package org.cowbench.result;

import org.jspecify.annotations.Nullable;

/** A result cannot be read; the message is one line that names the file and what is wrong with it. */
public class ResultException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates the exception.
     *
     * @param message one line for the user
     */
    public ResultException(String message) {
        super(message);
    }

    /**
     * Creates the exception with what caused it.
     *
     * @param message one line for the user
     * @param cause the failure underneath
     */
    public ResultException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
