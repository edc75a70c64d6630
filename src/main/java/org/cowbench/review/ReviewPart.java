package org.cowbench.review;

import java.util.Locale;

/** What a review consists of, in the order in which it is done. Each is kept as soon as it is complete. */
public enum ReviewPart {
    /** Which known policy each kernel follows. */
    IDENTIFY("identify", "which known rule each follows"),
    /** What the head does otherwise. */
    DIFF("diff", "what the head does otherwise"),
    /** The scripts that come with cowbench. */
    LITMUS("litmus", "the shipped scripts"),
    /** What no kernel may show. */
    CHECK("check", "what no kernel may show"),
    /** What accesses cost. */
    BENCH("bench", "what accesses cost"),
    /** The kernel's own selftest. */
    COW("cow", "the kernel's own cow.c");

    private final String id;
    private final String title;

    ReviewPart(String id, String title) {
        this.id = id;
        this.title = title;
    }

    /**
     * The part's name in files.
     *
     * @return a word
     */
    public String id() {
        return id;
    }

    /**
     * The part's name for people.
     *
     * @return a few words
     */
    public String title() {
        return title;
    }

    /**
     * About how long it takes on two cores, for a line of progress; both kernels are asked at the same time.
     *
     * @param limits how much is looked at
     * @return seconds
     */
    double seconds(ReviewLimits limits) {
        return switch (this) {
            case IDENTIFY -> 15;
            case DIFF -> 30 + limits.random() / 8.0;
            case LITMUS -> 40;
            case CHECK -> limits.checkSeconds() * 1.3;
            case BENCH -> limits.boots() * (20 + limits.pages() / 200.0);
            case COW -> 90;
        };
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
