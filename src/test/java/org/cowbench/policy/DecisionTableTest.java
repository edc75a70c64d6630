package org.cowbench.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.cowbench.policy.rule.RulePolicy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every policy against the tables of its era, in every situation of one page: what it decides, and what it does on the
 * way. The tables restate the kernel's predicates from the sources and mails that the policies name, not the classes.
 */
class DecisionTableTest {
    private static final String NOTHING = "-";
    private static final int SHOWN = 10;
    private static final String LOCK = "do_wp_page: page lock";
    /** The page is locked there already, and its mark is set by who maps it. */
    private static final Set<String> NOT_OF_SWAP_IN = Set.of("tries", "sets", "clears");

    private static final List<String> HEADINGS = List.of(
            "do_wp_page",
            "do_wp_page: swap cache",
            LOCK,
            "do_wp_page: drain",
            "do_wp_page: exclusive mark",
            "do_swap_page",
            "do_swap_page: swap cache",
            "do_swap_page: drain",
            "do_swap_page: swap_free",
            "fork",
            "unmap",
            "read-only reference",
            "mprotect",
            "constants",
            LargeDecisions.WRITE,
            LargeDecisions.HUGE_WRITE,
            LargeDecisions.SWAP_IN,
            LargeDecisions.SWAP_OUT,
            LargeDecisions.PAGEOUT,
            LargeDecisions.HUGE_PROTECT,
            LargeDecisions.CONSTANTS);

    static List<Policy> policies() {
        return Policy.shipped();
    }

    @ParameterizedTest
    @MethodSource("policies")
    void decidesAsItsTablesSay(Policy policy) throws IOException {
        check(policy.rule(), DecisionTable.of(policy.id()));
    }

    /** A rule of one's own is its base but for do_wp_page, where this one locks the page and copies. */
    @ParameterizedTest
    @MethodSource("policies")
    void aRuleGivenAsTextIsItsBaseInAllElse(Policy policy) throws IOException {
        Map<String, DecisionTable> tables = DecisionTable.of(policy.id());
        Map<String, DecisionTable> copies = DecisionTable.of(Policy.ALWAYS_COPY.id());
        HEADINGS.stream()
                .filter(heading -> heading.startsWith("do_wp_page"))
                .forEach(heading -> tables.put(heading, copies.get(heading)));
        tables.put(LOCK, DecisionTable.of(Policy.LINUS.id()).get(LOCK));
        check(RulePolicy.of("0", policy.rule()), tables);
    }

    @Test
    void everyTableIsOfAPolicy() throws IOException {
        try (Stream<Path> files = Files.list(DecisionTable.FOLDER)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrderElementsOf(policies().stream()
                            .map(policy -> policy.id() + ".txt")
                            .toList());
        }
    }

    private static void check(ReusePolicy rule, Map<String, DecisionTable> tables) {
        assertThat(tables.keySet()).containsExactlyInAnyOrderElementsOf(HEADINGS);
        List<String> wrong = new ArrayList<>();
        writeFaults(rule, tables, wrong);
        swapIns(rule, tables, wrong);
        List<Situation> present = Situation.present();
        compare(
                present.stream().filter(at -> !at.zero()).toList(),
                tables,
                "fork",
                wrong,
                (page, at) -> (rule.forkCopies(page, FakePage.PAGE) ? "copies" : "shares") + did(page));
        compare(
                present.stream().filter(at -> !at.zero()).toList(),
                tables,
                "unmap",
                wrong,
                (page, at) -> switch (rule.onUnmap(page, FakePage.PAGE)) {
                            case ReusePolicy.UNMAP_REFUSED -> "stays mapped";
                            case ReusePolicy.UNMAP_SHARED -> "shared entry";
                            case ReusePolicy.UNMAP_EXCLUSIVE -> "exclusive entry";
                            default -> "no such answer";
                        }
                        + did(page));
        compare(
                present,
                tables,
                "read-only reference",
                wrong,
                (page, at) -> switch (rule.onGupRead(page, FakePage.PAGE, at.zero(), at.pin())) {
                            case NOTHING -> "as it is";
                            case WRITE_FAULT -> "write fault";
                            case UNSHARE -> "unshare";
                        }
                        + did(page));
        compare(
                present.stream().filter(at -> !at.zero()).toList(),
                tables,
                "mprotect",
                wrong,
                (page, at) -> (rule.protectMakesWritable(page, FakePage.PAGE, at.dirty()) ? "writable" : "next fault")
                        + did(page));
        LargeDecisions.compare(rule, tables, wrong);
        assertThat(wrong.stream().limit(SHOWN))
                .as("the first of %d decisions that differ", wrong.size())
                .isEmpty();
        assertThat(constants(rule))
                .isEqualTo(tables.get("constants").decide(Situation.present().getFirst()));
        assertThat(tables.values().stream().flatMap(table -> table.unused().stream()))
                .as("rows never reached")
                .isEmpty();
    }

    private static void writeFaults(ReusePolicy rule, Map<String, DecisionTable> tables, List<String> wrong) {
        for (Situation at : Situation.writeFaults()) {
            FakePage page = new FakePage(at, false);
            String decision = rule.onWriteFault(page, FakePage.PAGE).name();
            Set<String> effects = page.effects();
            same(wrong, tables, "do_wp_page", at, decision.toLowerCase(Locale.ROOT));
            same(wrong, tables, "do_wp_page: swap cache", at, only(effects, "frees"));
            same(wrong, tables, LOCK, at, only(effects, "tries"));
            same(wrong, tables, "do_wp_page: drain", at, only(effects, "drains"));
            same(wrong, tables, "do_wp_page: exclusive mark", at, only(effects, "sets"));
            if (page.locked() != at.lockHeld() || effects.contains("clears") || effects.contains("drops")) {
                wrong.add("do_wp_page where %s: leaves the lock, the mark or the entry as it must not".formatted(at));
            }
        }
    }

    private static void swapIns(ReusePolicy rule, Map<String, DecisionTable> tables, List<String> wrong) {
        for (Situation at : Situation.swapIns(rule.bypassesSwapCache())) {
            FakePage page = new FakePage(at, true);
            int mapped = rule.onSwapIn(page, FakePage.PAGE, FakePage.SLOT, at.fault());
            Set<String> before = page.effects();
            page.mapped(mapped);
            rule.onSwapInMapped(page, FakePage.PAGE, FakePage.SLOT, at.fault(), mapped);
            Set<String> after = page.effects();
            String exclusive = (mapped & ReusePolicy.MAP_EXCLUSIVE) != 0 ? "exclusive " : "";
            same(
                    wrong,
                    tables,
                    "do_swap_page",
                    at,
                    exclusive + ((mapped & ReusePolicy.MAP_WRITABLE) != 0 ? "writable" : "read-only"));
            same(wrong, tables, "do_swap_page: swap cache", at, when(before, after, "frees"));
            same(wrong, tables, "do_swap_page: drain", at, when(before, after, "drains"));
            same(wrong, tables, "do_swap_page: swap_free", at, when(before, after, "drops"));
            if (!page.locked()
                    || !Collections.disjoint(before, NOT_OF_SWAP_IN)
                    || !Collections.disjoint(after, NOT_OF_SWAP_IN)) {
                wrong.add("do_swap_page where %s: touches the lock or the mark".formatted(at));
            }
        }
    }

    private static String only(Set<String> effects, String effect) {
        return effects.contains(effect) ? effect : NOTHING;
    }

    private static String when(Set<String> before, Set<String> after, String effect) {
        return before.contains(effect) ? "before mapping" : after.contains(effect) ? "after mapping" : NOTHING;
    }

    private static String did(FakePage page) {
        Set<String> effects = page.effects();
        return did(effects);
    }

    static String did(Set<String> effects) {
        return effects.isEmpty() ? "" : ", " + String.join(", ", effects);
    }

    private static void compare(
            List<Situation> situations,
            Map<String, DecisionTable> tables,
            String heading,
            List<String> wrong,
            BiFunction<FakePage, Situation, String> decide) {
        for (Situation at : situations) {
            same(wrong, tables, heading, at, decide.apply(new FakePage(at, false), at));
        }
    }

    static void same(
            List<String> wrong, Map<String, DecisionTable> tables, String heading, Situation at, String decided) {
        String expected = tables.get(heading).decide(at);
        if (!expected.equals(decided)) {
            wrong.add("%s where %s: %s instead of %s".formatted(heading, at, decided, expected));
        }
    }

    private static String constants(ReusePolicy rule) {
        return String.join(
                ", ",
                "a batch of " + rule.lruBatch(),
                rule.tracksExclusive() ? "exclusive mark" : "no exclusive mark",
                rule.readaheadDrains() ? "readahead drains" : "readahead does not drain",
                rule.bypassesSwapCache() ? "may bypass the swap cache" : "never bypasses the swap cache",
                rule.swapsOutZeroesAtOnce() ? "zeroes are a bit" : "zeroes are written",
                rule.copyFreesSwapCache() ? "a copy frees the swap cache" : "a copy leaves the swap cache",
                rule.keepsPinnedOutOfSwap() ? "pinned pages stay out of swap" : "pinned pages may be swapped",
                rule.pinMarksDirty() ? "a pin marks dirty" : "a pin leaves clean",
                rule.forkKeepsEntryExclusive() ? "fork keeps the entry's bit" : "fork clears the entry's bit");
    }
}
