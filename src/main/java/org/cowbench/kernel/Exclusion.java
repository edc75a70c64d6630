package org.cowbench.kernel;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.cowbench.litmus.Op;
import org.cowbench.litmus.Script;
import org.cowbench.litmus.Step;
import org.cowbench.litmus.SwapDevice;

/**
 * What conformance leaves out, and why. A rule names operations of the script, never an outcome: what it leaves out is
 * known before model or kernel has run. A rule that leaves a script alone leaves alone whatever remains when steps are
 * removed from it, so that a shrinker cannot end where the rules do not let it begin.
 */
public enum Exclusion {
    /**
     * Long-term read-only pins, but for the first of a script where the kernel has its own test's interface, which holds
     * one at a time. Without it only devices take such pins that a guest has not (VFIO, RDMA); io_uring's may write.
     */
    PINRO(
            (capabilities, _) -> beyond(Op.PINRO, capabilities.can(Op.PINRO) ? 1 : 0),
            "a long-term read-only pin needs"
                    + " CONFIG_GUP_TEST (v6.2 and newer, with debugfs), which holds one at a time"),
    /** Pressure on a page, where the probe cannot make any. */
    RECLAIM(
            unlessItCan(Op.RECLAIM),
            "pressure on one page needs"
                    + " the memory controller of cgroups version 2, which this kernel lacks or has given to version 1"),
    /** Pins, on a kernel without io_uring. */
    PIN(unlessItCan(Op.PIN), "long-term pins need io_uring, which this kernel has not"),
    /** Direct reads, where there is nothing to read directly. */
    DIO(unlessItCan(Op.DIO), "a direct read needs a device or a file that this kernel reads without its page cache"),
    /** Pressure on one page of several that may be charged to one memory cgroup. */
    COPIES(
            (_, _) -> afterCopies(),
            "the pages that a fork copies because they are pinned are charged to one memory"
                    + " cgroup, so that pressure on one is pressure on all"),
    /** Scripts of folios of a size that the kernel does not have. */
    FOLIO(
            (capabilities, script) ->
                    _ -> script.ofFolios() && !capabilities.folios().contains(script.folio()),
            "this kernel has no folios of that size: those of less than 2 MiB are of v6.8, and all need"
                    + " CONFIG_TRANSPARENT_HUGEPAGE; take a newer kernel, or 2048"),
    /** Swap-out of folios, where swap does not take them whole. */
    SWAP(
            (capabilities, script) -> step ->
                    script.ofFolios() && !capabilities.largeSwap() && step.op().swaps(),
            "folios go whole to a block device that does not rotate, not to a swap file nor through zswap: swap to a"
                + " partition, write 0 to its /sys/block/*/queue/rotational before swapon, boot with zswap.enabled=0"),
    /** Swapping, where there is no swap device, or not the script's. */
    DEVICE(
            (capabilities, script) -> step -> step.op().swaps() && !capabilities.swaps(script),
            "there is no swap, or not to the device that the script names (--swap)"),
    /** Holding the swap device, where the probe cannot, or the device holds nothing. */
    HOLD(
            (capabilities, script) -> step -> step.op().holdsDevice()
                    && (!capabilities.can(step.op()) || capabilities.device(script) == SwapDevice.ZRAM),
            "only the disk of a guest of one CPU can be held, up to v6.11, where io.max limits what goes to swap"
                    + " (CONFIG_BLK_DEV_THROTTLING)"),
    /** Putting a folio together, on a kernel that does not do it when it is asked. */
    COLLAPSE(unlessItCan(Op.COLLAPSE), "a process can ask for it, by MADV_COLLAPSE, since v6.1"),
    /** Pins of pages that may have been moved apart. */
    APART(
            (_, script) -> script.ofFolios() ? afterMove() : _ -> false,
            "a pin is of addresses one behind the other, and mremap may have moved some of its pages away"),
    /** Pressure on a folio that may not be alone in its memory cgroup. */
    CROWD(
            (_, script) -> script.ofFolios() ? afterCrowd() : _ -> false,
            "copies that one step makes of several pages, and the parts of a folio that may be split, are charged to"
                    + " one memory cgroup, so that pressure on one is pressure on all");

    /** What is left out of a script. */
    private interface Rule {
        Predicate<Step> of(Capabilities capabilities, Script script);
    }

    private final Rule rule;
    private final String reason;

    Exclusion(Rule rule, String reason) {
        this.rule = rule;
        this.reason = reason;
    }

    /** Leaves out an operation where the kernel cannot do it. */
    private static Rule unlessItCan(Op op) {
        return (capabilities, _) -> capabilities.can(op) ? step -> false : beyond(op, 0);
    }

    /** Leaves out an operation from the one after the given number on. */
    private static Predicate<Step> beyond(Op op, int most) {
        int[] seen = {0};
        return step -> step.op() == op && ++seen[0] > most;
    }

    /**
     * Leaves out pressure after a fork that may have copied two pages. That pins may have gone by then is not looked at:
     * a shrinker that removes an unpin must not make the rule hold.
     */
    private static Predicate<Step> afterCopies() {
        Set<Integer> pinned = new HashSet<>();
        boolean[] copied = {false};
        return step -> {
            switch (step.op()) {
                case PIN, PINRO -> pinned.add(step.page());
                case FORK -> copied[0] |= pinned.size() > 1;
                default -> {}
            }
            return step.op() == Op.RECLAIM && copied[0];
        };
    }

    /**
     * Leaves out a pin of several pages after a move of some of them and not of all, of whatever process.
     */
    private static Predicate<Step> afterMove() {
        List<Step> moves = new ArrayList<>();
        return step -> {
            if (step.op() == Op.MOVE) {
                moves.add(step);
            }
            return (step.op() == Op.PIN || step.op() == Op.PINRO)
                    && moves.stream()
                            .anyMatch(move -> move.page() <= step.last()
                                    && move.last() >= step.page()
                                    && (move.page() > step.page() || move.last() < step.last()));
        };
    }

    /**
     * Leaves out pressure on a folio once there may be several in its cgroup: after a step that may split a folio, or that
     * may copy several pages, as any but the first may that is of several. Whether it does is not looked at. A range may be
     * of several folios once any step has copied a page of it, and where its first has gone to swap the probe cannot tell
     * whose memory that is.
     */
    private static Predicate<Step> afterCrowd() {
        boolean[] begun = {false};
        boolean[] copies = {false};
        boolean[] crowd = {false};
        return step -> {
            boolean range = step.last() > step.page();
            boolean leavesOut = step.op() == Op.RECLAIM && (crowd[0] || copies[0] && range);
            switch (step.op()) {
                case WRITE, READ, DIO -> {
                    copies[0] |= begun[0];
                    crowd[0] |= begun[0] && range;
                }
                case PAGEOUT, DISCARD, RECLAIM, COLLAPSE, PIN, PINRO -> crowd[0] = true;
                default -> {}
            }
            begun[0] = true;
            return leavesOut;
        };
    }

    /**
     * Why.
     *
     * @return a few words
     */
    public String reason() {
        return reason;
    }

    /**
     * Applies all rules. With a step that takes a reference go the steps that use it.
     *
     * @param script a script
     * @param capabilities of the kernel
     * @param counts is told, by rule, how many steps were left out
     * @return the script without them; it may have no step left
     */
    static Script apply(Script script, Capabilities capabilities, Map<Exclusion, Integer> counts) {
        List<Step> steps = script.steps();
        for (Exclusion exclusion : values()) {
            Predicate<Step> leavesOut = exclusion.rule.of(capabilities, script);
            Set<String> dropped = new HashSet<>();
            List<Step> left = new ArrayList<>();
            for (Step step : steps) {
                if (leavesOut.test(step)) {
                    dropped.add(step.target());
                    counts.merge(exclusion, 1, Integer::sum);
                } else if (step.op().usesReference() && dropped.contains(step.target())) {
                    counts.merge(exclusion, 1, Integer::sum);
                } else {
                    if (step.op().takesReference()) {
                        dropped.remove(step.target());
                    }
                    left.add(step);
                }
            }
            steps = left;
        }
        return steps.size() == script.steps().size() ? script : script.with(steps);
    }
}
