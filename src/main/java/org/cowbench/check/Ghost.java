package org.cowbench.check;

import java.util.Arrays;

/**
 * What memory and references must show, told by the operations alone. Values are small numbers; 0 is untouched memory.
 * Everything is in one int array, so that saving is one copy.
 */
final class Ghost {
    /** The owner has gone. */
    static final int NOBODY = -1;
    /** Values are below this; the last is {@link World#OBSOLETE}. */
    static final int VALUES = 63;

    /** A device wrote it, and nothing but the page's content says so. */
    private static final int DEVICE = 64;

    private static final int OWNER = 0;
    private static final int PAGE = 1;
    private static final int SHOWN = 2;
    private static final int STATE = 3;
    private static final int REFERENCE_WORDS = 4;

    /** The pin is still of the memory it was taken through. */
    static final int ATTACHED = 1;
    /** The reference has shown what it must not; it is not judged again. */
    static final int TAINTED = 2;

    private final int pages;
    private final int references;
    final int[] words;

    Ghost(int processes, int pages, int references) {
        this.pages = pages;
        this.references = processes * pages;
        words = new int[this.references + references * REFERENCE_WORDS];
    }

    void reset() {
        Arrays.fill(words, 0);
    }

    int memory(int process, int page) {
        return words[process * pages + page] & ~DEVICE;
    }

    void memory(int process, int page, int value, boolean device) {
        words[process * pages + page] = value | (device ? DEVICE : 0);
    }

    /** Whether it was a device that wrote what a page must show, and nothing says so yet. */
    boolean byDevice(int process, int page) {
        return (words[process * pages + page] & DEVICE) != 0;
    }

    void fork(int parent, int child) {
        System.arraycopy(words, parent * pages, words, child * pages, pages);
    }

    void forget(int process) {
        Arrays.fill(words, process * pages, (process + 1) * pages, 0);
    }

    private int at(int reference, int field) {
        return references + reference * REFERENCE_WORDS + field;
    }

    void take(int reference, int owner, int page, int value, boolean attached) {
        words[at(reference, OWNER)] = owner;
        words[at(reference, PAGE)] = page;
        words[at(reference, SHOWN)] = value;
        words[at(reference, STATE)] = attached ? ATTACHED : 0;
    }

    void drop(int reference) {
        Arrays.fill(words, at(reference, 0), at(reference, REFERENCE_WORDS), 0);
    }

    int owner(int reference) {
        return words[at(reference, OWNER)];
    }

    int page(int reference) {
        return words[at(reference, PAGE)];
    }

    /** What the reference showed when it was judged last. */
    int shown(int reference) {
        return words[at(reference, SHOWN)];
    }

    void shown(int reference, int value) {
        words[at(reference, SHOWN)] = value;
    }

    int state(int reference) {
        return words[at(reference, STATE)];
    }

    boolean attached(int reference) {
        return (state(reference) & ATTACHED) != 0;
    }

    boolean tainted(int reference) {
        return (state(reference) & TAINTED) != 0;
    }

    /** Whether a reference is a pin of a process's page as it is now. */
    boolean attached(int reference, int process, int page) {
        return attached(reference) && owner(reference) == process && page(reference) == page;
    }

    void taint(int reference) {
        words[at(reference, STATE)] |= TAINTED;
    }

    void detach(int reference) {
        words[at(reference, STATE)] &= ~ATTACHED;
    }

    /** Parts all pins from a process's page. */
    void detach(int process, int page) {
        for (int reference = 0; references + reference * REFERENCE_WORDS < words.length; reference++) {
            if (attached(reference, process, page)) {
                detach(reference);
            }
        }
    }

    void orphan(int reference) {
        words[at(reference, OWNER)] = NOBODY;
        detach(reference);
    }
}
