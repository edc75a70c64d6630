package org.cowbench.check;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.cowbench.policy.Property;
import org.cowbench.policy.ReusePolicy;
import org.jspecify.annotations.Nullable;

/**
 * Explores several scopes under one policy and makes one judgement of what they found.
 *
 * @param scopes what to explore, the scope whose counterexamples are preferred first
 * @param threads workers
 * @param memory most bytes of states and fingerprints of one search
 */
public record Checker(List<Scope> scopes, int threads, long memory) {

    /** Copies the list. */
    public Checker {
        scopes = List.copyOf(scopes);
    }

    /**
     * Explores.
     *
     * @param policy the policy's id
     * @param progress is told how each search goes on
     * @return the judgement
     */
    public Judgement judge(String policy, ReusePolicy rule, Explorer.Progress progress) {
        return judge(policy, rule, progress, () -> false, null);
    }

    /**
     * Explores until somebody asks it to stop.
     *
     * @param policy the policy's id
     * @param progress is told how each search goes on
     * @param interrupted asked many times a second whether to stop; then the scopes that have not been begun are judged
     *     to depth 0
     * @param checkpoint where the search of the only scope goes on from and is written to, or null
     * @return the judgement
     */
    public Judgement judge(
            String policy,
            ReusePolicy rule,
            Explorer.Progress progress,
            BooleanSupplier interrupted,
            @Nullable Checkpoint checkpoint) {
        if (checkpoint != null && scopes.size() != 1) {
            throw new IllegalArgumentException("a checkpoint is that of one search, not of " + scopes.size());
        }
        List<CheckResult> results = new ArrayList<>();
        for (Scope scope : scopes) {
            try (Explorer explorer = new Explorer(policy, rule, scope, threads, memory, progress)) {
                results.add(explorer.explore(interrupted, checkpoint));
            }
        }
        return new Judgement(policy, results, merge(results));
    }

    /** One verdict a property out of all scopes'. */
    static Map<Property, Verdict> merge(List<CheckResult> results) {
        Map<Property, Verdict> verdicts = new EnumMap<>(Property.class);
        for (Property property : Property.values()) {
            List<Verdict> each = results.stream()
                    .map(result -> result.verdicts().get(property))
                    .toList();
            List<Violation> violations = shortest(each);
            verdicts.put(
                    property,
                    !violations.isEmpty()
                            ? new Verdict.Unsafe(violations)
                            : safe(results, property)
                                    .or(() -> smallestBound(each))
                                    .orElseGet(each::getFirst));
        }
        return verdicts;
    }

    /** Of each kind the violation that a script can show, then the shortest, then that of the first scope. */
    private static List<Violation> shortest(List<Verdict> verdicts) {
        Comparator<Violation> order = Comparator.comparing(
                        (Violation each) -> !each.environment().isEmpty())
                .thenComparingInt(Violation::moves);
        Map<String, Violation> best = new LinkedHashMap<>();
        for (Verdict verdict : verdicts) {
            if (verdict instanceof Verdict.Unsafe unsafe) {
                for (Violation violation : unsafe.violations()) {
                    best.merge(
                            violation.cause() + " " + violation.pin(),
                            violation,
                            (old, other) -> order.compare(other, old) < 0 ? other : old);
                }
            }
        }
        return best.values().stream().sorted(order).toList();
    }

    /** Safe in the first scope that was exhausted, and how far in those that were not. */
    private static Optional<Verdict> safe(List<CheckResult> results, Property property) {
        List<Verdict.Bound> beyond = results.stream()
                .filter(result -> result.verdicts().get(property) instanceof Verdict.SafeWithin)
                .map(result -> new Verdict.Bound(result.scope(), result.depth()))
                .toList();
        return results.stream()
                .map(result -> result.verdicts().get(property))
                .filter(Verdict.Safe.class::isInstance)
                .map(Verdict.Safe.class::cast)
                .findFirst()
                .map(safe -> new Verdict.Safe(safe.fixpoint(), beyond));
    }

    private static Optional<Verdict> smallestBound(List<Verdict> verdicts) {
        return verdicts.stream()
                .filter(Verdict.SafeWithin.class::isInstance)
                .map(Verdict.SafeWithin.class::cast)
                .min(Comparator.comparingInt(Verdict.SafeWithin::depth))
                .map(Verdict.class::cast);
    }
}
