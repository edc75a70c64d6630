package org.cowbench.check;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.cowbench.policy.Property;

/**
 * What the checker says of a policy after exploring several scopes.
 *
 * @param policy the policy's id
 * @param results what each scope found, in the order of exploring
 * @param verdicts a verdict a property: unsafe if any scope says so, else safe if any scope reached its
 *     fixpoint, else within the smallest bound, else not judged
 */
public record Judgement(String policy, List<CheckResult> results, Map<Property, Verdict> verdicts) {

    /** Copies the list. */
    public Judgement {
        results = List.copyOf(results);
    }

    /**
     * Whether any property is violated.
     *
     * @return whether one is
     */
    public boolean unsafe() {
        return verdicts.values().stream().anyMatch(Verdict.Unsafe.class::isInstance);
    }

    /**
     * Whether a fixpoint proves or a path refutes whatever can be violated here, and no search stopped early.
     *
     * @return whether all that was asked has been judged
     */
    public boolean settled() {
        return verdicts.values().stream().noneMatch(Verdict.SafeWithin.class::isInstance)
                && results.stream().noneMatch(result -> result.ending().early());
    }

    /**
     * All violations that were found, one a kind.
     *
     * @return by property, those that a script can show first, then the shortest first
     */
    public List<Violation> violations() {
        return verdicts.values().stream()
                .flatMap(verdict ->
                        verdict instanceof Verdict.Unsafe unsafe ? unsafe.violations().stream() : Stream.empty())
                .toList();
    }
}
