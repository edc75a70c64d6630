package org.cowbench.litmus;

/** Whether a step left a page in its frame, by the word that the language and the probe use. */
public enum FrameChange {
    /** Nothing can be said: the page was not present before and after. */
    UNKNOWN("-"),
    /** It did. */
    SAME("same"),
    /** It is in another. */
    CHANGED("changed"),
    /** Of several pages: not all the same. */
    MIXED("mixed");

    private final String word;

    FrameChange(String word) {
        this.word = word;
    }

    /**
     * The answer that a word names.
     *
     * @param word the word
     * @return the answer
     * @throws IllegalArgumentException if there is none
     */
    public static FrameChange of(String word) {
        for (FrameChange change : values()) {
            if (change.word.equals(word)) {
                return change;
            }
        }
        throw new IllegalArgumentException("no change of a frame: " + word);
    }

    /** The word. */
    @Override
    public String toString() {
        return word;
    }
}
