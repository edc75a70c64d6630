package org.cowbench.check;

import java.util.List;
import java.util.Locale;
import org.cowbench.litmus.Op;
import org.cowbench.litmus.Script;
import org.cowbench.policy.Property;

/**
 * A path to a violated property; {@link #shortest()} says whether shorter ones are ruled out.
 *
 * @param scope where it was found
 * @param property the property
 * @param cause which decision the last move took
 * @param pin whether what shows it is a pin (FOLL_PIN) rather than a pipe (FOLL_GET) or memory
 * @param script the path as a script, ending in the step that shows the violation; steps of the adversary are missing
 * @param did what each step of the script did
 * @param environment the moves of the adversary, each with the number of script steps before it; empty when the
 *     script alone shows the violation
 * @param moves moves of the path, the read or peek at its end not counted
 * @param message what is wrong with the bookkeeping, or the empty string
 */
public record Violation(
        Scope scope,
        Property property,
        Cause cause,
        boolean pin,
        Script script,
        List<StepOutcome> did,
        List<EnvironmentMove> environment,
        int moves,
        String message) {

    /** Copies the lists. */
    public Violation {
        did = List.copyOf(did);
        environment = List.copyOf(environment);
    }

    /** What shows a violation; its word is the name in lower case. */
    public enum Witness {
        /** A process reads its own memory. */
        MEMORY,
        /** A pipe. */
        PIPE,
        /** A pin. */
        PIN,
        /** The counts of pages and slots, for that property. */
        BOOKKEEPING;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * A move no script can make.
     *
     * @param before how many steps of the script come before it
     * @param text what happens
     */
    public record EnvironmentMove(int before, String text) {}

    /**
     * Whether the search proves that no shorter path does the same: it was found where the
     * adversary had no moves, or it needs them.
     *
     * @return whether every path with fewer moves was tried
     */
    public boolean shortest() {
        return scope.environment() == 0 || !environment.isEmpty();
    }

    /**
     * What shows it.
     *
     * @return what the last step of the script looks at
     */
    public Witness shownBy() {
        return property == Property.BOOKKEEPING
                ? Witness.BOOKKEEPING
                : script.steps().getLast().op() == Op.READ ? Witness.MEMORY : pin ? Witness.PIN : Witness.PIPE;
    }

    /**
     * Whether running the script shows the violation.
     *
     * @return whether it does
     */
    public boolean scriptShowsIt() {
        return environment.isEmpty() && property != Property.BOOKKEEPING;
    }
}
