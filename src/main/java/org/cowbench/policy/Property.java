package org.cowbench.policy;

import java.util.Arrays;
import java.util.List;

/** What package {@code check} judges of a policy. */
public enum Property {
    /** No process sees what another wrote to its private memory. */
    ISOLATION("isolation", "isolation"),
    /** A reference taken by one process never shows what another writes later (CVE-2020-29374). */
    SECRECY("secrecy", "secrecy"),
    /**
     * Memory and a pin (FOLL_PIN) taken through it stay the same page: what the process writes the device reads, what
     * the device writes the process reads, and no other process does.
     */
    PIN_COHERENCE("pin-coherence", "pins"),
    /** Counts add up, nothing is lost, no page lock is left behind or waited for though nobody holds it. */
    BOOKKEEPING("bookkeeping", "counts");

    private final String id;
    private final String brief;

    Property(String id, String brief) {
        this.id = id;
        this.brief = brief;
    }

    /**
     * The fixed id.
     *
     * @return the id, such as {@code pin-coherence}
     */
    public String id() {
        return id;
    }

    /**
     * Its letter, in verdicts that are kept with results.
     *
     * @return the first of the id
     */
    public String letter() {
        return id.substring(0, 1);
    }

    /**
     * Its word where there is little room.
     *
     * @return such as {@code pins}
     */
    public String brief() {
        return brief;
    }

    /**
     * Those that show in what processes, pipes and pins see, on a kernel too. Bookkeeping is the model's alone.
     *
     * @return them in order
     */
    public static List<Property> seen() {
        return Arrays.stream(values())
                .filter(property -> property != BOOKKEEPING)
                .toList();
    }
}
