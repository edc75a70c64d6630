package org.cowbench.policy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * All that a decision may depend on. What tables can ask of it is in {@link #fact}.
 *
 * @param ref page_count without pins; at a swap-in with the fault's own reference
 * @param map page_mapcount
 * @param cached PageSwapCache
 * @param sw the swap count of the slot; at a swap-in with the entry that is faulted
 * @param writeback PageWriteback
 * @param lru where the page is on its way to an LRU list
 * @param exclusive PageAnonExclusive
 * @param pinned whether a FOLL_PIN reference is held
 * @param hasPinned MMF_HAS_PINNED of the process
 * @param lockHeld whether somebody else holds the page lock
 * @param late whether a reference is taken by somebody else just before the lock is
 * @param stable SWP_STABLE_WRITES
 * @param synchronous SWP_SYNCHRONOUS_IO
 * @param swapFull vm_swap_full
 * @param seen whether anybody else can see the page, which only the oracle knows
 * @param zero whether it is the zero page
 * @param pin whether the reference that is wanted is FOLL_PIN
 * @param dirty whether the entry is dirty
 * @param fault {@code FAULT_} bits
 * @param large what else there is of a large folio
 */
public record Situation(
        int ref,
        int map,
        boolean cached,
        int sw,
        boolean writeback,
        Lru lru,
        boolean exclusive,
        boolean pinned,
        boolean hasPinned,
        boolean lockHeld,
        boolean late,
        boolean stable,
        boolean synchronous,
        boolean swapFull,
        boolean seen,
        boolean zero,
        boolean pin,
        boolean dirty,
        int fault,
        Large large) {
    /** Pages of a large folio. */
    static final int PAGES = 4;

    /**
     * A large folio, of which the page that the other facts are about is one.
     *
     * @param lmap all entries that map any of it
     * @param emap PMD entries that map it
     * @param others swap entries of its other pages
     * @param shared the bit of the owner slots
     * @param partly a page has lost its last mapping
     * @param count pages that a swap fault maps
     */
    public record Large(int lmap, int emap, int others, boolean shared, boolean partly, int count) {
        /** A folio of one page. */
        static final Large NONE = new Large(0, 0, 0, false, false, 1);
    }

    /** Where a page is on its way to an LRU list; a batch holds a reference. */
    public enum Lru {
        /** On the list. */
        LISTED("yes"),
        /** In the batch of this CPU. */
        HERE("here"),
        /** In the batch of another CPU, which nobody here can drain. */
        THERE("there");

        private final String word;

        Lru(String word) {
            this.word = word;
        }
    }

    /** A page to choose the facts of. */
    private static final class Draft {
        private int ref;
        private int map;
        private boolean cached;
        private int sw;
        private boolean writeback;
        private Lru lru = Lru.LISTED;
        private final Map<String, Boolean> flags = new TreeMap<>();
        private int fault;

        private boolean flag(String name) {
            return flags.getOrDefault(name, false);
        }

        private Situation done() {
            return new Situation(
                    ref,
                    map,
                    cached,
                    sw,
                    writeback,
                    lru,
                    flag("excl"),
                    flag("pinned"),
                    flag("mm pins"),
                    flag("held"),
                    flag("late"),
                    flag("stable"),
                    flag("sync"),
                    flag("full"),
                    flag("seen"),
                    flag("zero"),
                    flag("pin"),
                    flag("dirty"),
                    fault,
                    Large.NONE);
        }
    }

    /** Present and write-protected: every flag with every count, also those that no other count goes with. */
    static List<Situation> writeFaults() {
        List<Situation> all = new ArrayList<>();
        Draft page = new Draft();
        for (page.map = 1; page.map <= 2; page.map++) {
            cache(
                    page,
                    2,
                    () -> batches(page, 1, 5, () -> flags(page, all::add, "excl", "held", "late", "stable", "seen")));
        }
        return all;
    }

    /** Swapped: every way in which do_swap_page can find or read the page, locked by it. */
    static List<Situation> swapIns(boolean bypassesSwapCache) {
        List<Situation> all = new ArrayList<>();
        Draft page = new Draft();
        for (int fault = 0; fault < 16; fault++) {
            boolean fresh = (fault & ReusePolicy.FAULT_FRESH) != 0;
            boolean readsOnly = (fault & ReusePolicy.FAULT_VM_WRITE) == 0;
            if (fresh && !bypassesSwapCache || readsOnly && (fault & ReusePolicy.FAULT_WRITE) != 0) {
                continue;
            }
            page.fault = fault;
            Runnable rest = () -> batches(page, 1, 3, () -> flags(page, all::add, "stable", "sync", "full", "seen"));
            if (fresh) {
                page.cached = false;
                page.writeback = false;
                page.sw = 1;
                rest.run();
            } else {
                for (page.map = 0; page.map <= 1; page.map++) {
                    page.cached = true;
                    for (page.sw = 1; page.sw <= 2; page.sw++) {
                        for (boolean writeback : BOTH) {
                            page.writeback = writeback;
                            rest.run();
                        }
                    }
                }
                page.map = 0;
            }
        }
        return all;
    }

    /** Present: what fork, reclaim, GUP and mprotect look at. */
    static List<Situation> present() {
        List<Situation> all = new ArrayList<>();
        Draft page = new Draft();
        page.map = 1;
        page.ref = 1;
        flags(page, all::add, "excl", "pinned", "mm pins", "zero", "pin", "dirty", "seen");
        // The zero page is no anonymous page: nobody marks or pins it so that it could be told.
        all.removeIf(situation -> situation.zero() && (situation.exclusive() || situation.pinned()));
        return all;
    }

    /**
     * Any page.
     *
     * @param seed which
     * @param lockHeld whether somebody else holds its lock
     * @return counts and flags at random, also such as do not go together
     */
    public static Situation random(long seed, boolean lockHeld) {
        Random random = new Random(seed);
        Draft page = new Draft();
        page.map = random.nextInt(3);
        page.sw = random.nextInt(3);
        page.writeback = random.nextInt(4) == 0;
        page.flags.put("excl", random.nextBoolean());
        page.flags.put("pinned", random.nextInt(4) == 0);
        page.flags.put("held", lockHeld);
        page.ref = 1 + random.nextInt(3);
        page.cached = random.nextBoolean();
        page.lru = random.nextBoolean() ? Lru.LISTED : Lru.HERE;
        return page.done();
    }

    private static final boolean[] BOTH = {false, true};

    private static void cache(Draft page, int mostSwapped, Runnable then) {
        page.cached = false;
        page.sw = 0;
        page.writeback = false;
        then.run();
        page.cached = true;
        for (page.sw = 0; page.sw <= mostSwapped; page.sw++) {
            for (boolean writeback : BOTH) {
                page.writeback = writeback;
                then.run();
            }
        }
    }

    private static void batches(Draft page, int least, int most, Runnable then) {
        for (Lru lru : Lru.values()) {
            page.lru = lru;
            int held = least + (page.cached ? 1 : 0) + (lru == Lru.LISTED ? 0 : 1);
            for (page.ref = held; page.ref <= most + (page.cached ? 1 : 0); page.ref++) {
                then.run();
            }
        }
    }

    private static void flags(Draft page, Consumer<Situation> to, String... names) {
        for (int bits = 0; bits < 1 << names.length; bits++) {
            for (int at = 0; at < names.length; at++) {
                page.flags.put(names[at], (bits >> at & 1) != 0);
            }
            to.accept(page.done());
        }
    }

    /** What a column of a table is about: a number, {@code yes}, {@code no} or another word. */
    static Function<Situation, Object> fact(String column) {
        Function<Situation, Object> fact = FACTS.get(column);
        if (fact == null) {
            throw new IllegalArgumentException("no such column: " + column + "; known: " + FACTS.keySet());
        }
        return fact;
    }

    private static final Map<String, Function<Situation, Object>> FACTS = new TreeMap<>(Map.ofEntries(
            Map.entry("ref", Situation::ref),
            Map.entry("map", Situation::map),
            flag("sc", Situation::cached),
            Map.entry("sw", Situation::sw),
            flag("wb", Situation::writeback),
            Map.entry("lru", at -> at.lru.word),
            flag("excl", Situation::exclusive),
            flag("pinned", Situation::pinned),
            flag("mm pins", Situation::hasPinned),
            Map.entry("lock", at -> at.lockHeld ? "held" : "free"),
            flag("late", Situation::late),
            flag("stable", Situation::stable),
            flag("sync", Situation::synchronous),
            flag("full", Situation::swapFull),
            flag("seen", Situation::seen),
            flag("zero", Situation::zero),
            flag("pin", Situation::pin),
            flag("dirty", Situation::dirty),
            flag("write", at -> (at.fault & ReusePolicy.FAULT_WRITE) != 0),
            flag("fresh", at -> (at.fault & ReusePolicy.FAULT_FRESH) != 0),
            flag("entry", at -> (at.fault & ReusePolicy.FAULT_ENTRY_EXCLUSIVE) != 0),
            Map.entry("area", at -> (at.fault & ReusePolicy.FAULT_VM_WRITE) != 0 ? "rw" : "ro"),
            // Derived: what the rules are about.
            Map.entry("users", at -> at.map + (at.cached ? at.sw : 0)),
            Map.entry("rest", Situation::rest),
            Map.entry("left", at -> at.rest() - (at.lru == Lru.HERE ? 1 : 0)),
            flag("in flight", at -> at.writeback && at.stable)));

    static {
        FACTS.putAll(Map.ofEntries(
                Map.entry("lmap", at -> at.large.lmap),
                Map.entry("emap", at -> at.large.emap),
                Map.entry("others", at -> at.large.others),
                flag("shared", at -> at.large.shared),
                flag("partly", at -> at.large.partly),
                Map.entry("count", at -> at.large.count),
                Map.entry("most", at -> Math.max(at.map + at.large.emap + at.sw, at.large.emap + at.large.others)),
                Map.entry("alone", at -> at.ref - (at.cached ? PAGES : 0)),
                Map.entry("extra", at -> at.ref - (at.cached ? PAGES : 0) - at.large.lmap),
                flag("last", Situation::last)));
    }

    /** Whether no slot of the folio is named any more when a swap fault has dropped what it maps. */
    private boolean last() {
        return sw == 1 && (large.count > 1 || large.others == 0);
    }

    private static Map.Entry<String, Function<Situation, Object>> flag(String column, Predicate<Situation> holds) {
        return Map.entry(column, at -> holds.test(at) ? "yes" : "no");
    }

    private int rest() {
        return ref - 1 - (cached ? 1 : 0);
    }

    /** What is not as in the plainest page, for messages. */
    @Override
    public String toString() {
        return FACTS.entrySet().stream()
                .filter(fact -> !fact.getValue().apply(this).equals("no"))
                .map(fact -> fact.getKey() + " " + fact.getValue().apply(this))
                .collect(Collectors.joining(", "));
    }
}
