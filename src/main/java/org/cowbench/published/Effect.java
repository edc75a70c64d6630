package org.cowbench.published;

import java.util.function.ToDoubleBiFunction;

/** The number that a publication and the model have in common. */
public enum Effect {
    /** Operations a second, second policy to first. */
    RATE("rate", "", true, true, Account::perSecond),
    /** Time of an operation, second policy to first. */
    COST("time", "", true, true, Account::nanos),
    /** Copies a round under the second policy. */
    COPIES("copies a round", "", false, false, (account, profile) -> account.each(Price.COPY)),
    /** Flushes of translations a round under the second policy. */
    FLUSHES("flushes a round", "", false, false, (account, profile) -> account.each(Price.FLUSH)),
    /** Minor faults a page under the second policy. */
    MINOR_FAULTS("faults a page", "", false, false, (account, profile) -> account.each(Price.MINOR)),
    /** Drains of LRU batches, second policy to first. */
    DRAINS("drains", "", false, true, (account, profile) -> account.count(Price.DRAIN)),
    /** Nanoseconds of fork(2) a page-table entry. */
    FORK_ENTRY("fork(2), an entry", " ns", true, false, Account::nanos),
    /** Milliseconds of fork(2) a GiB of base pages. */
    FORK_GIB("fork(2), a GiB", " ms", true, false, (account, profile) -> account.nanos(profile) * Effect.GIB / 1e6);

    private static final int GIB = 1 << 18;

    private final String words;
    private final String unit;
    private final boolean priced;
    private final boolean ratio;
    private final ToDoubleBiFunction<Account, Profile> value;

    Effect(String words, String unit, boolean priced, boolean ratio, ToDoubleBiFunction<Account, Profile> value) {
        this.words = words;
        this.unit = unit;
        this.priced = priced;
        this.ratio = ratio;
        this.value = value;
    }

    /**
     * What it is.
     *
     * @return at most 17 characters
     */
    public String words() {
        return words;
    }

    /**
     * Its unit.
     *
     * @return with a space before it; empty for a number without
     */
    public String unit() {
        return unit;
    }

    /**
     * Whether prices have a part in it; if not it is a count, and exact.
     *
     * @return whether they have
     */
    public boolean priced() {
        return priced;
    }

    /**
     * What one policy gives.
     *
     * @param account what it made the machine do
     * @param profile prices, which only matter to what is priced
     * @return the number of one side
     */
    public double of(Account account, Profile profile) {
        return value.applyAsDouble(account, profile);
    }

    /**
     * What both give.
     *
     * @param base the first policy's number
     * @param head the second's
     * @return the effect
     */
    double between(double base, double head) {
        return ratio ? head / base : head;
    }
}
