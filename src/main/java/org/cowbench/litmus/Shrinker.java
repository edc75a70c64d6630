package org.cowbench.litmus;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.IntUnaryOperator;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/**
 * Makes a failing script minimal: the result still fails, and leaving out any one step, any one process or reference
 * with all its steps, dropping any one page, naming fewer of a range, halving a large folio or lowering any one value makes it pass or stop being a script.
 *
 * <p>Delta debugging over the steps (halves, quarters, ... single steps), then pressure becomes a drain where that
 * suffices, a large folio is halved and ranges narrowed, pages are merged and values lowered, until nothing changes any
 * more.
 */
public final class Shrinker {
    private final Predicate<Script> fails;
    private Script best;

    private Shrinker(Script script, Predicate<Script> fails) {
        this.fails = fails;
        best = script;
    }

    /**
     * Shrinks a script.
     *
     * @param script a script that fails
     * @param fails tells whether a script fails in the way that matters
     * @return a minimal one that fails
     * @throws IllegalArgumentException if the script does not fail to begin with
     */
    public static Script shrink(Script script, Predicate<Script> fails) {
        if (!fails.test(script)) {
            throw new IllegalArgumentException("nothing to shrink: the script does not fail");
        }
        Shrinker shrinker = new Shrinker(script, fails);
        boolean progress = true;
        while (progress) {
            progress = shrinker.removeSteps();
            progress |= shrinker.removeTogether();
            progress |= shrinker.simplifyReclaim();
            progress |= shrinker.smallerFolio();
            progress |= shrinker.narrowRanges();
            progress |= shrinker.mergePages();
            progress |= shrinker.lowerValues();
        }
        return shrinker.best;
    }

    private boolean removeSteps() {
        boolean removed = false;
        for (int chunk = Math.max(1, best.steps().size() / 2); chunk >= 1; chunk /= 2) {
            for (int at = best.steps().size() - chunk; at >= 0; at -= chunk) {
                List<Step> fewer = new ArrayList<>(best.steps());
                fewer.subList(at, Math.min(at + chunk, fewer.size())).clear();
                removed |= accept(fewer, best.pages());
            }
        }
        return removed;
    }

    /** Leaves out what a fork or a taken reference brings about, with it: none of these steps can go alone. */
    private boolean removeTogether() {
        boolean removed = false;
        for (int at = best.steps().size() - 1; at >= 0; at--) {
            // A candidate that was accepted is shorter.
            if (at < best.steps().size()) {
                Step first = best.steps().get(at);
                List<Step> fewer = new ArrayList<>(best.steps().subList(0, at));
                boolean again = false;
                for (Step step : best.steps().subList(at + 1, best.steps().size())) {
                    again |= step.target().equals(first.target())
                            && (first.op() == Op.FORK
                                    ? step.op() == Op.FORK
                                    : step.op().takesReference());
                    if (again || !follows(first, step)) {
                        fewer.add(step);
                    }
                }
                boolean some = fewer.size() < best.steps().size() - 1;
                removed |= some && accept(fewer, best.pages());
            }
        }
        return removed;
    }

    private static boolean follows(Step first, Step step) {
        return first.op() == Op.FORK
                ? step.process().equals(first.target())
                : first.op().takesReference()
                        && step.op().usesReference()
                        && step.target().equals(first.target());
    }

    /**
     * Moves everything on a page, from the last one that is named down, to another that is named or to one of the first,
     * and lets the area end behind the last. An area may be large and a page of it matter: pages that no step names are
     * not tried one by one.
     */
    private boolean mergePages() {
        boolean merged = endArea();
        List<Integer> named = named();
        for (int from : named.reversed()) {
            for (int to : IntStream.concat(named.stream().mapToInt(Integer::intValue), IntStream.range(0, named.size()))
                    .filter(page -> page < from)
                    .distinct()
                    .toArray()) {
                List<Step> moved = new ArrayList<>();
                for (Step step : best.steps()) {
                    boolean it = step.op().namesPage() && step.page() == from && step.last() == from;
                    Step other = it ? step.on(to, to) : step;
                    moved.add(step.part() == from ? other.of(to) : other);
                }
                if (accept(moved, best.pages())) {
                    merged = true;
                    break;
                }
            }
        }
        boolean ended = endArea();
        return merged || ended;
    }

    private boolean endArea() {
        List<Integer> named = named();
        int pages = named.isEmpty() ? 1 : named.getLast() + 1;
        return !best.ofFolios() && pages < best.pages() && accept(best.steps(), pages);
    }

    /** The pages that steps name, in order. */
    private List<Integer> named() {
        return best.steps().stream()
                .filter(step -> step.op().namesPage())
                .map(Step::page)
                .distinct()
                .sorted()
                .toList();
    }

    /** Halves the folio: pages of its second half go to the first, or those from there on to the first's last. */
    private boolean smallerFolio() {
        int size = best.folio() / 2;
        if (!ScriptParser.FOLIOS.contains(size)) {
            return false;
        }
        int pages = Script.pagesOf(size);
        return acceptFolio(size, page -> page < pages ? page : page - pages)
                || acceptFolio(size, page -> Math.min(page, pages - 1));
    }

    private boolean acceptFolio(int size, IntUnaryOperator place) {
        List<Step> fewer = new ArrayList<>();
        for (Step step : best.steps()) {
            Step smaller = step.on(place.applyAsInt(step.page()), place.applyAsInt(step.last()));
            fewer.add(step.part() == Step.FIRST ? smaller : smaller.of(place.applyAsInt(step.part())));
        }
        return accept(Script.of(best.file(), size, 0, fewer));
    }

    /** Names one page of a range, or half of it. */
    private boolean narrowRanges() {
        boolean narrowed = false;
        for (int i = 0; i < best.steps().size(); i++) {
            for (boolean more = true;
                    more && best.steps().get(i).last() > best.steps().get(i).page(); ) {
                Step step = best.steps().get(i);
                int middle = (step.page() + step.last()) / 2;
                more = narrow(i, step.on(step.page(), step.page()))
                        || narrow(i, step.on(step.last(), step.last()))
                        || narrow(i, step.on(step.page(), middle))
                        || narrow(i, step.on(middle + 1, step.last()));
                narrowed |= more;
            }
        }
        return narrowed;
    }

    private boolean narrow(int at, Step narrower) {
        List<Step> steps = new ArrayList<>(best.steps());
        steps.set(at, narrower);
        return accept(steps, best.pages());
    }

    /** Pressure on a page drains too; where that is all it does, a drain says so. */
    private boolean simplifyReclaim() {
        boolean simplified = false;
        for (int i = 0; i < best.steps().size(); i++) {
            Step step = best.steps().get(i);
            if (step.op() == Op.RECLAIM) {
                List<Step> simpler = new ArrayList<>(best.steps());
                simpler.set(i, new Step(step.line(), step.process(), Op.DRAIN, 0, "", 0, OptionalLong.empty()));
                simplified |= accept(simpler, best.pages());
            }
        }
        return simplified;
    }

    private boolean lowerValues() {
        boolean lowered = false;
        for (int i = 0; i < best.steps().size(); i++) {
            Step step = best.steps().get(i);
            if (!step.op().fillsPage() && step.op() != Op.DMA) {
                continue;
            }
            // A 0 that stays says that a zero-filled page is what matters.
            for (long value = 1; value < (step.value() == 0 ? 2 : Math.min(step.value(), 4)); value++) {
                List<Step> lower = new ArrayList<>(best.steps());
                lower.set(i, step.with(value, OptionalLong.empty()));
                if (accept(lower, best.pages())) {
                    lowered = true;
                    break;
                }
            }
        }
        return lowered;
    }

    private boolean accept(List<Step> steps, int pages) {
        return accept(Script.of(best.file(), best.folio(), pages, steps));
    }

    /** Takes a candidate if it is still a script and still fails. */
    private boolean accept(Script fewer) {
        Script candidate = fewer.on(best.swap()).asking(best.counters());
        try {
            ScriptParser.parse(candidate.file(), candidate.text());
        } catch (ScriptException e) {
            return false;
        }
        if (!fails.test(candidate)) {
            return false;
        }
        best = candidate;
        return true;
    }
}
