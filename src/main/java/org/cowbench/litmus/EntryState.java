package org.cowbench.litmus;

/** What a page-table entry holds, by the word that the language and the probe use. */
public enum EntryState {
    /** Nothing: the page was never touched, or was discarded. */
    NONE("none"),
    /** A page. */
    PRESENT("present"),
    /** The name of a swap slot, whether or not the page is in the swap cache. */
    SWAPPED("swapped"),
    /** Of several pages: not all the same. */
    MIXED("mixed");

    private final String word;

    EntryState(String word) {
        this.word = word;
    }

    /**
     * The state that a word names.
     *
     * @param word the word
     * @return the state
     * @throws IllegalArgumentException if there is none
     */
    public static EntryState of(String word) {
        for (EntryState state : values()) {
            if (state.word.equals(word)) {
                return state;
            }
        }
        throw new IllegalArgumentException("no state of an entry: " + word);
    }

    /** The word. */
    @Override
    public String toString() {
        return word;
    }
}
