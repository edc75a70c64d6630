package org.cowbench.ab;

/** A comparison cannot be prepared or go on; the message is one line with the remedy. */
public final class AbException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates the exception.
     *
     * @param message one line for the user
     */
    public AbException(String message) {
        super(message);
    }

    /**
     * Creates the exception with what caused it.
     *
     * @param message one line for the user
     * @param cause the failure underneath
     */
    public AbException(String message, Throwable cause) {
        super(message, cause);
    }
}
