package org.cowbench.kernel;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.cowbench.litmus.Op;

/**
 * The scripts of a {@linkplain KernelCheck check} that have shown something, and the findings that they are. Findings depend
 * on what was shown and made minimal, not on the order in which that came, nor on who ran it: shares of a check, put
 * together, have the findings of one run.
 *
 * <p>They are told as if scripts had been run in the order of their places: one that does what the minimal script of an
 * earlier one does is counted with that, and not looked at. Where another order looked at more, what that found is dropped;
 * what it did not look at and should have, {@link #unsettled} names. Of those looked at, one whose minimal script does what a
 * smaller minimal script does is counted with that.
 */
final class ShownScripts {
    /** The smaller first; of those of a size one that drains stands for one that reclaims. */
    private static final Comparator<Shown> SMALLER = Comparator.comparingInt(
                    (Shown each) -> each.minimal().steps().size())
            .thenComparing(Shown::look)
            .thenComparingLong(each -> each.minimalOperations().stream()
                    .filter(op -> op == Op.RECLAIM)
                    .count())
            .thenComparing(Shown::place);

    private final Map<Kind, Shown> all = new LinkedHashMap<>();

    private record Kind(String what, List<Op> operations) {
        static Kind of(Shown one) {
            return new Kind(one.what(), one.operations());
        }
    }

    /**
     * What was shown, as findings.
     *
     * @param findings the shortest first
     * @param others scripts that were not looked at because enough had been
     */
    record Folded(List<KernelCheck.Finding> findings, int others) {}

    /** A finding that others are counted with. */
    private static final class Group {
        private final Shown root;
        private int count;
        private long after = Long.MAX_VALUE;

        Group(Shown root) {
            this.root = root;
        }

        void count(Shown one) {
            count += one.count();
            after = Math.min(after, one.after());
        }

        KernelCheck.Finding finding() {
            return new KernelCheck.Finding(
                    root.what(),
                    root.script(),
                    root.log(),
                    root.look() == Shown.Look.AGAIN || root.look() == Shown.Look.CUT,
                    root.minimal(),
                    root.troubles(),
                    count,
                    after,
                    root.look() == Shown.Look.CUT);
        }
    }

    /** Adds one; what does the same in the same order and shows the same is one. */
    void add(Shown one) {
        all.merge(Kind.of(one), one, Shown::and);
    }

    /** All that was shown. */
    List<Shown> all() {
        return List.copyOf(all.values());
    }

    /** Those that were looked at, in the order of the whole check. */
    private Stream<Shown> looked() {
        return all.values().stream()
                .filter(one -> one.look() != Shown.Look.NOT)
                .sorted(Comparator.comparing(Shown::place));
    }

    /** Whether it does what one does that was looked at, and shows the same. */
    boolean knows(Shown one) {
        return looked().anyMatch(one::does);
    }

    /** Whether anything was looked at that shows this. */
    boolean knows(String what) {
        return looked().anyMatch(each -> each.what().equals(what));
    }

    /** Those that are looked at when scripts are run in the order of their places. */
    private List<Shown> first() {
        List<Shown> first = new ArrayList<>();
        looked().forEach(one -> {
            if (first.stream().noneMatch(one::does)) {
                first.add(one);
            }
        });
        return first;
    }

    /** The first script that would have been looked at in that order, and was not; empty where that is so of none. */
    Optional<Shown> unsettled() {
        List<Shown> first = first();
        return all.values().stream()
                .filter(one -> one.look() == Shown.Look.NOT
                        && knows(one)
                        && first.stream().noneMatch(each -> each.place().compareTo(one.place()) < 0 && one.does(each)))
                .min(Comparator.comparing(Shown::place));
    }

    /** The findings. */
    Folded fold() {
        List<Shown> first = first();
        Map<Shown, Group> groups = new LinkedHashMap<>();
        List<Shown> roots = new ArrayList<>();
        first.stream().sorted(SMALLER).forEach(one -> {
            Optional<Shown> smaller = roots.stream().filter(one::minimallyDoes).findFirst();
            if (smaller.isEmpty()) {
                roots.add(one);
            }
            groups.put(one, smaller.isEmpty() ? new Group(one) : of(smaller.get(), groups));
        });
        List<Shown> looked = looked().toList();
        int others = 0;
        for (Shown one : all.values()) {
            Optional<Group> group = groups.containsKey(one)
                    ? Optional.of(of(one, groups))
                    : Stream.of(roots, first)
                            .flatMap(List::stream)
                            .filter(one::does)
                            .findFirst()
                            .or(() -> through(one, looked, first))
                            .map(each -> of(each, groups));
            group.ifPresent(found -> found.count(one));
            others += group.isPresent() ? 0 : one.count();
        }
        return new Folded(
                roots.stream()
                        .sorted(Comparator.comparingInt(
                                        (Shown root) -> root.minimal().steps().size())
                                .thenComparing(Shown::look)
                                .thenComparing(Shown::place)
                                .thenComparing(Shown::what))
                        .map(root -> of(root, groups).finding())
                        .toList(),
                others);
    }

    private static Group of(Shown one, Map<Shown, Group> groups) {
        return Objects.requireNonNull(groups.get(one));
    }

    /** That with which one is counted that this is counted with. */
    private static Optional<Shown> through(Shown one, List<Shown> looked, List<Shown> first) {
        return looked.stream()
                .filter(one::does)
                .flatMap(each -> first.stream().filter(each::does))
                .findFirst();
    }
}
