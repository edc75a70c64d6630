package org.cowbench.litmus;

import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A litmus script.
 *
 * @param file the file's name as it is shown: without folders where that is enough to know it by
 * @param folio size of the large folio that the area is, in KiB; 0 where every page is an area of its own
 * @param pages size of the area in pages
 * @param swap the swap device that it is for, null where it does not say
 * @param counters what each step is to tell beside what all tell, in the order of {@link StepCounter}
 * @param steps the operations, and after them the reads and peeks of final conditions
 * @param expectations what policies do at which step
 */
public record Script(
        String file,
        int folio,
        int pages,
        @Nullable SwapDevice swap,
        Set<StepCounter> counters,
        List<Step> steps,
        List<Expectation> expectations) {
    /** Size of a page in KiB. */
    public static final int PAGE_KIB = 4;

    /**
     * What some policies do at a step.
     *
     * @param line the line of the file it stands on, from 1
     * @param step the step, from 0
     * @param kind what becomes of the page, one that a script can name; null where a number is expected
     * @param counter what counts the number; null where a kind is expected, or a value that is seen
     * @param value the number; empty where a kind is expected
     * @param policies the ids, or {@code all}
     */
    public record Expectation(
            int line,
            int step,
            @Nullable WriteKind kind,
            @Nullable StepCounter counter,
            OptionalLong value,
            Set<String> policies) {

        /**
         * What is expected, as the script has it.
         *
         * @return a word, {@code =VALUE}, or {@code COUNTER=NUMBER}
         */
        public String what() {
            return kind != null
                    ? kind.toString()
                    : (counter == null ? "" : counter) + "=" + Long.toUnsignedString(value.orElseThrow());
        }
    }

    /** Copies the collections. */
    public Script {
        counters = Collections.unmodifiableSet(
                counters.isEmpty() ? EnumSet.noneOf(StepCounter.class) : EnumSet.copyOf(counters));
        steps = List.copyOf(steps);
        expectations = List.copyOf(expectations);
    }

    /**
     * A script without expectations whose area is one large folio, or of base pages.
     *
     * @param file the file's name as it is shown
     * @param folio size of the folio in KiB, or 0
     * @param pages size of the area in pages, for one of base pages
     * @param steps the operations
     * @return the script
     */
    public static Script of(String file, int folio, int pages, List<Step> steps) {
        return new Script(file, folio, folio > 0 ? pagesOf(folio) : pages, null, Set.of(), steps, List.of());
    }

    /**
     * Pages of a folio.
     *
     * @param folio its size in KiB
     * @return their number
     */
    static int pagesOf(int folio) {
        return folio / PAGE_KIB;
    }

    /**
     * Whether the area is one large folio.
     *
     * @return whether it is
     */
    public boolean ofFolios() {
        return folio > 0;
    }

    /**
     * The same script under another name.
     *
     * @param name what messages and results are to call it
     * @return the script
     */
    public Script named(String name) {
        return new Script(name, folio, pages, swap, counters, steps, expectations);
    }

    /**
     * The same script with other steps and without expectations.
     *
     * @param other the steps
     * @return the script
     */
    public Script with(List<Step> other) {
        return new Script(file, folio, pages, swap, counters, other, List.of());
    }

    /**
     * The same script, whose steps tell more.
     *
     * @param asked what each step is to tell beside what all tell
     * @return the script
     */
    public Script asking(Set<StepCounter> asked) {
        return new Script(file, folio, pages, swap, asked, steps, expectations);
    }

    /**
     * The same script for a swap device, unless it names one itself. What policies do at a step is written down for a disk,
     * so expectations are lost where it is another.
     *
     * @param device the device, or null to change nothing
     * @return the script
     */
    public Script on(@Nullable SwapDevice device) {
        return swap != null || device == null
                ? this
                : new Script(
                        file,
                        folio,
                        pages,
                        device,
                        counters,
                        steps,
                        device == SwapDevice.DISK ? expectations : List.of());
    }

    /**
     * Every process that ever exists, in the order of appearance, {@code A} first.
     *
     * @return the names
     */
    public List<String> processes() {
        Set<String> names = new LinkedHashSet<>(List.of("A"));
        steps.stream().filter(step -> step.op() == Op.FORK).forEach(step -> names.add(step.target()));
        return List.copyOf(names);
    }

    /**
     * Every pipe and pin, in the order of appearance.
     *
     * @return the names
     */
    public List<String> references() {
        return steps.stream()
                .filter(step -> step.op() != Op.FORK && !step.target().isEmpty())
                .map(Step::target)
                .distinct()
                .toList();
    }

    /**
     * What stands before the first operation.
     *
     * @return lines, each ended: the area's size, the swap device where the script names one, and the counters it asks for
     */
    public String head() {
        return (ofFolios() ? "folio " + folio : "pages " + pages)
                + (swap == null ? "\n" : "\nswap " + swap + "\n")
                + (counters.isEmpty()
                        ? ""
                        : counters.stream()
                                .map(StepCounter::toString)
                                .collect(Collectors.joining(" ", "count ", "\n")));
    }

    /**
     * The script's text.
     *
     * @return lines that parse to an equal script, comments and expectations of policies lost, final conditions as the
     *     reads and peeks they are
     */
    public String text() {
        return steps.stream().map(Step::toString).collect(Collectors.joining("\n", head(), "\n"));
    }
}
