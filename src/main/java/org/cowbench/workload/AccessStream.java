package org.cowbench.workload;

import java.util.Locale;
import java.util.Objects;

/**
 * A sequence of page accesses drawn before the measurement starts, so that a measured loop only reads an array.
 *
 * <p>Each element is one <em>code</em>:
 * <pre>
 *   code &gt;= 0       the process accesses page (code &gt;&gt; 1); it writes when bit 0 is set, else it reads
 *   {@link #FORK}            the process forks a child, which sees every page as it is now
 *   {@link #EXIT}            that child exits
 *   other code &lt; 0  the child accesses as {@code ~code} says; streams made here let it read only
 * </pre>
 * Streams without children hold no negative code ({@link #hasChildren()} is false): their driver needs no test for
 * one. With children, the sign is the only test on the common path. At most one child lives at a time, and every child
 * has exited by the end, so a driver may replay the stream any number of times, wrapping around.
 *
 * <p>Pages are numbered from 0 to {@link #pages()}{@code  - 1}. A stream is immutable.
 */
public final class AccessStream {
    /** The code by which the process forks a child; no child is alive before it. */
    public static final int FORK = Integer.MIN_VALUE;
    /** The code by which the child of the last {@link #FORK} exits. */
    public static final int EXIT = Integer.MIN_VALUE + 1;
    /** The most pages a stream can address: beyond it a code of the child would collide with {@link #EXIT}. */
    public static final int MAX_PAGES = (1 << 30) - 1;

    private final String name;
    private final int pages;
    private final int[] codes;
    private final int accesses;
    private final int reads;
    private final int forks;

    /**
     * Checks and wraps a sequence of codes.
     *
     * @param name  short name for reports, such as {@code zipf-0.99}
     * @param pages footprint in pages, from 1 to {@link #MAX_PAGES}; a page need not occur
     * @param codes the codes in order, at least one access of the process among them; copied
     * @throws IllegalArgumentException if a page is out of range, a child forks twice, accesses or exits without being
     *                                  alive, or outlives the stream, or the process accesses nothing
     */
    public AccessStream(String name, int pages, int[] codes) {
        this.name = Objects.requireNonNull(name);
        if (pages < 1 || pages > MAX_PAGES) {
            throw new IllegalArgumentException("pages must be 1 to " + MAX_PAGES + ", not " + pages);
        }
        this.pages = pages;
        this.codes = codes.clone();
        int accesses = 0;
        int reads = 0;
        int forks = 0;
        boolean child = false;
        for (int i = 0; i < this.codes.length; i++) {
            int code = this.codes[i];
            if (code == FORK || code == EXIT) {
                check(child == (code == EXIT), i, child ? "fork while a child lives" : "exit without a child");
                child = !child;
                forks += code == FORK ? 1 : 0;
                continue;
            }
            check(code >= 0 || child, i, "access by a child that does not live");
            check(page(code) < pages, i, "page " + page(code) + " of " + pages);
            if (code >= 0) {
                accesses++;
                reads += isWrite(code) ? 0 : 1;
            }
        }
        check(!child, this.codes.length, "the child outlives the stream");
        check(accesses > 0, this.codes.length, "no access");
        this.accesses = accesses;
        this.reads = reads;
        this.forks = forks;
    }

    private static void check(boolean holds, int index, String what) {
        if (!holds) {
            throw new IllegalArgumentException("code " + index + ": " + what);
        }
    }

    /**
     * Encodes an access of the process.
     *
     * @param page  page number, 0 or more
     * @param write whether the access writes
     * @return the code
     */
    public static int access(int page, boolean write) {
        return page << 1 | (write ? 1 : 0);
    }

    /**
     * Encodes a read by the child.
     *
     * @param page page number, 0 or more
     * @return the code, negative
     */
    public static int childRead(int page) {
        return ~access(page, false);
    }

    /**
     * Returns the page that an access of the process or of the child names.
     *
     * @param code a code other than {@link #FORK} and {@link #EXIT}
     * @return the page number
     */
    public static int page(int code) {
        return (code ^ code >> 31) >> 1;
    }

    /**
     * Tells a write from a read.
     *
     * @param code a code other than {@link #FORK} and {@link #EXIT}
     * @return whether the access, of the process or of the child, writes
     */
    public static boolean isWrite(int code) {
        return ((code ^ code >> 31) & 1) != 0;
    }

    /**
     * Adds snapshots as a server makes them (redis's BGSAVE): fork, let the child read every page once while the parent
     * goes on, let it exit. The child's reads are spread evenly over its life, in page order.
     *
     * @param name     name of the new stream
     * @param every    accesses of the process from one fork to the next, the first fork coming at access 0; the rest
     *                 after the last whole period stays without a child
     * @param lifetime accesses of the process during which the child lives, from 1 to {@code every}
     * @return a new stream with the same accesses of the process in the same order
     * @throws IllegalArgumentException if this stream has children already, {@code every} is more than its accesses,
     *                                  {@code lifetime} is out of range, or the result needs more than 2^31 - 1 codes
     */
    public AccessStream withSnapshots(String name, int every, int lifetime) {
        if (hasChildren()) {
            throw new IllegalArgumentException(this.name + " has children already");
        }
        if (lifetime < 1 || lifetime > every || every > accesses) {
            throw new IllegalArgumentException(
                    "need 1 <= lifetime <= every <= " + accesses + ", not lifetime " + lifetime + ", every " + every);
        }
        int snapshots = accesses / every;
        long length = accesses + snapshots * (pages + 2L);
        if (length > Integer.MAX_VALUE - 8) {
            throw new IllegalArgumentException(length + " codes do not fit an array: fork less often");
        }
        int[] out = new int[(int) length];
        int n = 0;
        for (int i = 0; i < accesses; i++) {
            int age = i % every;
            boolean snapshot = i / every < snapshots && age < lifetime;
            if (snapshot && age == 0) {
                out[n++] = FORK;
            }
            out[n++] = codes[i];
            if (snapshot) {
                int end = (int) ((long) pages * (age + 1) / lifetime);
                for (int page = (int) ((long) pages * age / lifetime); page < end; page++) {
                    out[n++] = childRead(page);
                }
                if (age == lifetime - 1) {
                    out[n++] = EXIT;
                }
            }
        }
        return new AccessStream(name, pages, out);
    }

    /**
     * Returns the name.
     *
     * @return short name for reports
     */
    public String name() {
        return name;
    }

    /**
     * Returns the footprint: the pages a driver has to map.
     *
     * @return number of pages
     */
    public int pages() {
        return pages;
    }

    /**
     * Returns the number of codes: accesses, forks and exits.
     *
     * @return length of {@link #toArray()}
     */
    public int length() {
        return codes.length;
    }

    /**
     * Returns the number of accesses the process itself makes; what a child does is not counted.
     *
     * @return accesses, at least 1
     */
    public int accesses() {
        return accesses;
    }

    /**
     * Returns how much of the process's own accesses are reads.
     *
     * @return share from 0 to 1
     */
    public double readShare() {
        return (double) reads / accesses;
    }

    /**
     * Returns the number of forks, each with its exit.
     *
     * @return forks in one pass over the stream
     */
    public int forks() {
        return forks;
    }

    /**
     * Tells whether the stream forks, that is, whether it holds negative codes.
     *
     * @return whether a driver has to look for them
     */
    public boolean hasChildren() {
        return forks > 0;
    }

    /**
     * Returns one code.
     *
     * @param index position, from 0 to {@link #length()}{@code  - 1}
     * @return the code
     * @throws ArrayIndexOutOfBoundsException if there is no such position
     */
    public int code(int index) {
        return codes[index];
    }

    /**
     * Copies the codes out, for a measured loop to read.
     *
     * @return a new array of {@link #length()} codes
     */
    public int[] toArray() {
        return codes.clone();
    }

    /**
     * Returns the name and the figures a report states.
     *
     * @return one line
     */
    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "%s: %d pages, %d accesses, %.1f %% reads, %d forks",
                name,
                pages,
                accesses,
                100 * readShare(),
                forks);
    }
}
