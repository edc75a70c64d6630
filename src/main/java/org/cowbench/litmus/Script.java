package org.cowbench.litmus;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A litmus script.
 *
 * @param file the file's name as it is shown, without folders
 * @param pages size of the area in pages
 * @param steps the operations
 * @param expectations what policies do at which step
 */
public record Script(String file, int pages, List<Step> steps, List<Expectation> expectations) {

    /**
     * What some policies do at a step.
     *
     * @param step the step, from 0
     * @param what {@code copy}, {@code reuse}, {@code quiet} or {@code =VALUE}
     * @param policies the ids
     */
    public record Expectation(int step, String what, Set<String> policies) {}

    /** Copies the lists. */
    public Script {
        steps = List.copyOf(steps);
        expectations = List.copyOf(expectations);
    }

    /**
     * The same script with other steps and without expectations.
     *
     * @param other the steps
     * @return the script
     */
    public Script with(List<Step> other) {
        return new Script(file, pages, other, List.of());
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
        return steps.stream().filter(step -> step.op() != Op.FORK && !step.target().isEmpty()).map(Step::target)
                .distinct().toList();
    }

    /**
     * The script's text.
     *
     * @return lines that parse to an equal script, comments and expectations of policies lost
     */
    public String text() {
        return steps.stream().map(Step::toString).collect(Collectors.joining("\n", "pages " + pages + "\n", "\n"));
    }
}
