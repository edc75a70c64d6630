package org.cowbench.workload;

import java.util.Objects;

/**
 * Accesses that a program makes for its requests; a request may make several, or none.
 *
 * @param accesses the accesses of all requests, in order
 * @param requests number of requests, at least 1
 */
public record RequestStream(AccessStream accesses, int requests) {

    /** Checks the number. */
    public RequestStream {
        Objects.requireNonNull(accesses);
        if (requests < 1) {
            throw new IllegalArgumentException("requests must be at least 1, not " + requests);
        }
    }
}
