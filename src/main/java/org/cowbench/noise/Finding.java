package org.cowbench.noise;

/**
 * One thing about this machine that a measurement should know.
 *
 * @param severity how bad it is
 * @param topic what it is about, in a word or two
 * @param state what was found
 * @param remedy what to do about it; empty where nothing needs doing or nothing can be done
 */
public record Finding(Severity severity, String topic, String state, String remedy) {

    /** How bad a finding is. */
    public enum Severity {
        /** As it should be. */
        GOOD,
        /** Worth knowing; interleaved comparisons stand it. */
        NOTE,
        /** Makes numbers lie. */
        BAD,
        /** Could not be found out here. */
        UNKNOWN
    }

    /**
     * The finding as a line among the warnings of a run.
     *
     * @return topic, state and remedy
     */
    public String line() {
        return topic + ": " + state + (remedy.isEmpty() ? "" : "; remedy: " + remedy);
    }
}
