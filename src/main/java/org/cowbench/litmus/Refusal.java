package org.cowbench.litmus;

/** Why the language or an area refuses a step, by the word that the model and the probe use; not a finding. */
public enum Refusal {
    /** The process does not exist, or not any more. */
    GONE("gone"),
    /** The process to be forked exists already. */
    EXISTS("exists"),
    /** The reference is held already. */
    BUSY("busy"),
    /** The reference is not held. */
    EMPTY("empty"),
    /** The reference only reads. */
    READONLY("readonly"),
    /** The area may not be written, or is not the process's. */
    SEGV("segv"),
    /** The same, as a system call says it. */
    EFAULT("efault");

    private final String word;

    Refusal(String word) {
        this.word = word;
    }

    /**
     * Whether an error is a refusal.
     *
     * @param error the error of a step
     * @return whether it is one
     */
    static boolean is(String error) {
        for (Refusal refusal : values()) {
            if (refusal.word.equals(error)) {
                return true;
            }
        }
        return false;
    }

    /** The word. */
    @Override
    public String toString() {
        return word;
    }
}
