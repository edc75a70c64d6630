package org.cowbench.kernel;

/** What was done to the pages of process A before their accesses are measured. */
public enum BenchKind {
    /** Paged out and drained; then read, then written: the write after a read. */
    REREAD("writeAfterRead"),
    /** Paged out and drained, then A forked a process that never touches them; then read, then written. */
    HIDDEN("hiddenSharer"),
    /** Present, then A forked a process that never touches them; then written: what a snapshot costs its writer. */
    SNAPSHOT("snapshot"),
    /** Paged out and drained, A forked a process that has gone; then written: a write swap-in of a private page. */
    GONE("sharerGone");

    private final String id;

    BenchKind(String id) {
        this.id = id;
    }

    /**
     * The name in results.
     *
     * @return a camel-case name
     */
    public String id() {
        return id;
    }

    /**
     * The name in a request to the probe.
     *
     * @return in lower case
     */
    String request() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }
}
