package org.cowbench.policy;

/** What package {@code check} judges of a policy. */
public enum Property {
    /** No process sees what another wrote to its private memory. */
    ISOLATION("isolation"),
    /** A reference taken by one process never shows what another writes later (CVE-2020-29374). */
    SECRECY("secrecy"),
    /**
     * Memory and a pin (FOLL_PIN) taken through it stay the same page: what the process writes the device reads, what
     * the device writes the process reads, and no other process does.
     */
    PIN_COHERENCE("pin-coherence"),
    /** Counts add up, nothing is lost, no page lock is left behind or waited for though nobody holds it. */
    BOOKKEEPING("bookkeeping");

    private final String id;

    Property(String id) {
        this.id = id;
    }

    /**
     * The fixed id.
     *
     * @return the id, such as {@code pin-coherence}
     */
    public String id() {
        return id;
    }
}
