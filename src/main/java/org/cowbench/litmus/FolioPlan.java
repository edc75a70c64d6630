package org.cowbench.litmus;

import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * What random scripts of one large folio do to which of its pages. It knows where a process has no memory (what its parent
 * kept from it) and what it has moved, because system calls that meet both that and other memory fail half way, kernel by
 * kernel in another way; such steps are not drawn. Accesses are, which every kernel refuses alike.
 */
final class FolioPlan {
    private static final int WAYS = 8;

    /** What a process has done to its area. */
    private record Area(BitSet absent, BitSet kept, BitSet moved) {
        /** That of a child. */
        Area child() {
            BitSet without = (BitSet) absent.clone();
            without.or(kept);
            return new Area(without, new BitSet(), (BitSet) moved.clone());
        }
    }

    private final SplittableRandom random;
    private final int size;
    private final int[] pages;
    private final Map<String, Area> areas =
            new HashMap<>(Map.of("A", new Area(new BitSet(), new BitSet(), new BitSet())));
    /** What was last taken by each reference. */
    private final Map<String, Step> taken = new HashMap<>();

    FolioPlan(SplittableRandom random, int size) {
        this.random = random;
        this.size = size;
        pages = IntStream.of(0, 1, size / 2, random.nextInt(size), size - 1)
                .distinct()
                .sorted()
                .toArray();
    }

    /** The pages that are named alone: all of the smallest folio; of others the first two, the middle, the last, one more. */
    int[] pages() {
        return pages;
    }

    /** The step, on one page or on several where it may name several; and through a reference to several on one of them. */
    Step widened(Step step) {
        if (step.op().takesRange()) {
            return switch (random.nextInt(WAYS)) {
                case 0, 1, 2 -> step.on(0, size - 1);
                case 3 -> step.on(0, size / 2 - 1);
                case 4 -> step.on(size / 2, size - 1);
                case 5 -> {
                    int other = pages[random.nextInt(pages.length)];
                    yield step.on(Math.min(step.page(), other), Math.max(step.page(), other));
                }
                default -> step;
            };
        }
        Step its = taken.get(step.target());
        return its == null
                        || !step.op().usesReference()
                        || step.op() == Op.UNPIN
                        || its.last() == its.page()
                        || random.nextBoolean()
                ? step
                : step.of(random.nextInt(its.page(), its.last() + 1));
    }

    /** Takes note of a step of a process that lives; false if it is not to be done. */
    boolean accepts(Step step) {
        Area area = Objects.requireNonNull(areas.get(step.process()));
        if (!feasible(step, area)) {
            return false;
        }
        int from = step.page();
        int to = step.last() + 1;
        switch (step.op()) {
            case FORK -> areas.put(step.target(), area.child());
            case KEEP -> area.kept().set(from, to);
            case SHARE -> area.kept().clear(from, to);
            case MOVE -> area.moved().set(from, to);
            case SPLICE, PIN, PINRO -> taken.put(step.target(), step);
            default -> {}
        }
        return true;
    }

    private boolean feasible(Step step, Area area) {
        boolean pmd = size == Script.pagesOf(ScriptParser.FOLIOS.getLast());
        boolean present = area.absent().get(step.page(), step.last() + 1).isEmpty();
        int moved = area.moved().get(step.page(), step.last() + 1).cardinality();
        return switch (step.op()) {
            case READ, WRITE -> true;
            case SPLIT -> pmd && !area.absent().get(0);
            case COLLAPSE -> pmd && area.absent().isEmpty() && area.moved().isEmpty();
            case MOVE -> present && moved == 0;
            case PIN, PINRO -> present && (moved == 0 || moved == step.last() + 1 - step.page());
            default -> !step.op().namesPage() || present;
        };
    }
}
