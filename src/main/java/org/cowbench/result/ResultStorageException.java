package org.cowbench.result;

import org.jspecify.annotations.Nullable;

/** A result cannot be stored: the place is unwritable, full or taken. The message names the remedy. */
public final class ResultStorageException extends ResultException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates the exception.
     *
     * @param message one line for the user
     * @param cause the failure underneath, or null
     */
    public ResultStorageException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
