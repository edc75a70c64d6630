package org.cowbench.check;

/** A file cannot serve as the checkpoint of a search: it is another search's, or none. */
public final class CheckpointException extends RuntimeException {
    private static final long serialVersionUID = 1;

    CheckpointException(String message) {
        super(message);
    }
}
