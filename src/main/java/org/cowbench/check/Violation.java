package org.cowbench.check;

import java.util.List;
import org.cowbench.litmus.Script;

/**
 * A shortest path to a violated property.
 *
 * @param property the property
 * @param cause which decision the last move took
 * @param pin whether what shows it is a pin (FOLL_PIN) rather than a pipe (FOLL_GET) or memory
 * @param script the path as a script, ending in the step that shows the violation; steps of the environment are missing
 * @param environment the moves of the environment, each with the number of script steps before it; empty when the
 *     script alone shows the violation
 * @param moves moves of the path, the look at its end not counted
 * @param message what is wrong with the bookkeeping, or the empty string
 */
public record Violation(Property property, Cause cause, boolean pin, Script script, List<EnvironmentMove> environment, int moves,
        String message) {

    /**
     * A move no script can make.
     *
     * @param before how many steps of the script come before it
     * @param text what happens
     */
    public record EnvironmentMove(int before, String text) {}

    /**
     * Whether running the script shows the violation.
     *
     * @return whether it does
     */
    public boolean scriptShowsIt() {
        return environment.isEmpty() && property != Property.BOOKKEEPING;
    }
}
