package org.cowbench.published;

/** A profile cannot be used; the message is one line that names file, line and remedy. */
public final class ProfileException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    ProfileException(String message) {
        super(message);
    }
}
