package org.cowbench.policy;

import static org.cowbench.policy.Situation.PAGES;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BiFunction;
import org.cowbench.policy.ReusePolicy.LargeFolios;
import org.cowbench.policy.Situation.Large;

/** What a policy says of large folios, in every situation of one of four pages; see {@link DecisionTableTest}. */
final class LargeDecisions {
    static final String WRITE = "large do_wp_page";
    static final String HUGE_WRITE = "huge do_wp_page";
    static final String SWAP_IN = "large do_swap_page";
    static final String SWAP_OUT = "large swap-out";
    static final String PAGEOUT = "large MADV_PAGEOUT";
    static final String HUGE_PROTECT = "huge mprotect";
    static final String CONSTANTS = "large constants";

    private static final int TAIL = FakeFolio.FOLIO + 1;
    private static final boolean[] BOTH = {false, true};

    private LargeDecisions() {}

    static void compare(ReusePolicy rule, Map<String, DecisionTable> tables, List<String> wrong) {
        for (Situation at : mapped(false)) {
            FakeFolio folio = new FakeFolio(at, TAIL, false);
            decided(WRITE, at, folio, rule.onLargeWriteFault(folio, TAIL).name(), tables, wrong);
        }
        for (Situation at : mapped(true)) {
            FakeFolio folio = new FakeFolio(at, FakeFolio.FOLIO, false);
            decided(
                    HUGE_WRITE,
                    at,
                    folio,
                    rule.onHugeWriteFault(folio, FakeFolio.FOLIO).name(),
                    tables,
                    wrong);
        }
        for (Situation at : swapped(rule)) {
            swapIn(rule, at, tables, wrong);
        }
        List<Situation> counts = counts();
        ask(
                counts,
                SWAP_OUT,
                tables,
                wrong,
                (folio, at) -> rule.splitsBeforeSwapOut(folio, FakeFolio.FOLIO) ? "splits" : "whole");
        ask(counts, PAGEOUT, tables, wrong, (folio, at) -> rule.pageoutSkips(folio, TAIL) ? "skips" : "goes on");
        for (Situation at : counts) {
            FakeFolio folio = new FakeFolio(at, FakeFolio.FOLIO, false);
            DecisionTableTest.same(
                    wrong,
                    tables,
                    HUGE_PROTECT,
                    at,
                    (rule.protectMakesHugeWritable(folio, FakeFolio.FOLIO) ? "writable" : "next fault")
                            + folio.effects());
        }
        DecisionTableTest.same(wrong, tables, CONSTANTS, counts.getFirst(), constants(rule));
    }

    private static void decided(
            String heading,
            Situation at,
            FakeFolio folio,
            String decision,
            Map<String, DecisionTable> tables,
            List<String> wrong) {
        DecisionTableTest.same(wrong, tables, heading, at, decision.toLowerCase(Locale.ROOT) + folio.effects());
        if (folio.locked() != at.lockHeld()) {
            wrong.add("%s where %s: leaves the lock as it must not".formatted(heading, at));
        }
    }

    private static void swapIn(ReusePolicy rule, Situation at, Map<String, DecisionTable> tables, List<String> wrong) {
        FakeFolio folio = new FakeFolio(at, TAIL, true);
        int count = at.large().count();
        int mapped = rule.onLargeSwapIn(folio, folio.first(), folio.slot(), count, at.fault());
        String before = folio.effects();
        folio.mapped();
        rule.onLargeSwapInMapped(folio, folio.first(), folio.slot(), count, at.fault(), mapped);
        String exclusive = (mapped & ReusePolicy.MAP_EXCLUSIVE) != 0 ? "exclusive " : "";
        DecisionTableTest.same(
                wrong,
                tables,
                SWAP_IN,
                at,
                exclusive
                        + ((mapped & ReusePolicy.MAP_WRITABLE) != 0 ? "writable" : "read-only") + before + " then"
                        + folio.effects().replaceFirst(",", ""));
        if (!folio.locked()) {
            wrong.add("%s where %s: unlocks the folio".formatted(SWAP_IN, at));
        }
    }

    private static void ask(
            List<Situation> situations,
            String heading,
            Map<String, DecisionTable> tables,
            List<String> wrong,
            BiFunction<FakeFolio, Situation, String> decide) {
        for (Situation at : situations) {
            FakeFolio folio = new FakeFolio(at, TAIL, true);
            DecisionTableTest.same(wrong, tables, heading, at, decide.apply(folio, at) + folio.effects());
        }
    }

    private static Situation situation(
            int ref,
            int map,
            boolean cached,
            int sw,
            boolean writeback,
            boolean exclusive,
            boolean held,
            boolean stable,
            boolean sync,
            boolean full,
            boolean seen,
            int fault,
            Large large) {
        return new Situation(
                ref,
                map,
                cached,
                sw,
                writeback,
                Situation.Lru.LISTED,
                exclusive,
                false,
                false,
                held,
                false,
                stable,
                sync,
                full,
                seen,
                false,
                false,
                false,
                fault,
                large);
    }

    /** Mapped and write-protected, by page-table entries or by one PMD entry or two. */
    private static List<Situation> mapped(boolean huge) {
        List<Situation> all = new ArrayList<>();
        for (int bits = 0; bits < 1 << 8; bits++) {
            boolean cached = (bits & 1) != 0;
            boolean writeback = (bits & 2) != 0;
            if (writeback && !cached) {
                continue;
            }
            for (int mappings = 1; mappings <= 3; mappings++) {
                for (int extra = 0; extra <= 1; extra++) {
                    for (int swaps = 0; swaps <= (cached ? 2 : 0); swaps++) {
                        int map = huge ? 0 : mappings == 3 ? 2 : 1;
                        int emap = huge ? Math.min(mappings, 2) : 0;
                        // The third time a page-table entry maps another page besides.
                        int lmap = huge ? mappings : mappings + (mappings > 1 ? 1 : 0);
                        Large large = new Large(lmap, emap, swaps == 2 ? 1 : 0, (bits & 4) != 0, false, 1);
                        all.add(situation(
                                lmap + extra + (cached ? PAGES : 0),
                                map,
                                cached,
                                swaps == 1 ? 1 : 0,
                                writeback,
                                (bits & 8) != 0,
                                (bits & 16) != 0,
                                (bits & 32) != 0,
                                (bits & 64) != 0,
                                false,
                                (bits & 128) != 0,
                                0,
                                large));
                    }
                }
            }
        }
        return all;
    }

    /** Found in the swap cache, or read past it, a page of it or all. */
    private static List<Situation> swapped(ReusePolicy rule) {
        List<Situation> all = new ArrayList<>();
        for (int fault = 0; fault < 16; fault++) {
            boolean fresh = (fault & ReusePolicy.FAULT_FRESH) != 0;
            boolean readOnly = (fault & ReusePolicy.FAULT_VM_WRITE) == 0;
            if (fresh && !(rule.swapsInLargeFolios() && rule.bypassesSwapCache())
                    || readOnly && (fault & ReusePolicy.FAULT_WRITE) != 0) {
                continue;
            }
            for (int bits = 0; bits < 1 << 5; bits++) {
                boolean writeback = (bits & 1) != 0;
                for (int count : rule.mapsWholeFolio() ? new int[] {1, PAGES} : new int[] {1}) {
                    if (fresh && (writeback || count == 1)) {
                        continue;
                    }
                    for (int sw = 1; sw <= 2; sw++) {
                        for (int others = 0; others <= (count == 1 ? 1 : 0); others++) {
                            for (int more = 0; more <= (fresh ? 0 : 2); more++) {
                                int map = more == 1 ? 1 : 0;
                                int extra = more == 2 ? 1 : 0;
                                int ref = 1 + map + extra + (fresh ? 0 : PAGES);
                                all.add(situation(
                                        ref,
                                        map,
                                        !fresh,
                                        sw,
                                        writeback,
                                        false,
                                        false,
                                        (bits & 2) != 0,
                                        (bits & 4) != 0,
                                        (bits & 8) != 0,
                                        (bits & 16) != 0,
                                        fault,
                                        new Large(map, 0, others, false, false, count)));
                            }
                        }
                    }
                }
            }
        }
        return all;
    }

    /** Counts alone. */
    private static List<Situation> counts() {
        List<Situation> all = new ArrayList<>();
        for (int map = 0; map <= 2; map++) {
            for (int emap = 0; emap <= 2; emap++) {
                for (int lmap = Math.max(map + emap, 1); lmap <= 2 * PAGES; lmap++) {
                    for (boolean shared : BOTH) {
                        for (boolean partly : BOTH) {
                            for (boolean exclusive : BOTH) {
                                all.add(situation(
                                        lmap,
                                        map,
                                        false,
                                        0,
                                        false,
                                        exclusive,
                                        false,
                                        false,
                                        false,
                                        false,
                                        false,
                                        0,
                                        new Large(lmap, emap, 0, shared, partly, 1)));
                            }
                        }
                    }
                }
            }
        }
        return all;
    }

    private static String constants(ReusePolicy rule) {
        return String.join(
                ", ",
                rule.largeFolios() == LargeFolios.ANY ? "folios of any size" : "huge folios only",
                rule.tracksOwners() ? "knows owners" : "knows no owners",
                rule.mapsWholeFolio() ? "a swap fault maps all" : "a swap fault maps one page",
                rule.swapInCopiesTail() ? "copies tails" : "copies no tail",
                rule.swapsInLargeFolios() ? "reads folios" : "reads pages",
                rule.pageoutKeepsWhole() ? "MADV_PAGEOUT of all keeps it whole" : "MADV_PAGEOUT splits",
                rule.splitKeepsDirty() ? "entries of a split are dirty" : "the folio of a split is dirty",
                rule.splitDropsZeroes() ? "a split drops zeroes" : "a split keeps zeroes",
                rule.discardFreesTable() ? "a discarded table goes" : "a discarded table stays",
                rule.unmappingDrains() ? "unmapping drains" : "unmapping drains nothing",
                !rule.collapses()
                        ? "no collapse"
                        : rule.collapseNeedsWritable() ? "collapse of what is writable" : "collapse of anything");
    }
}
