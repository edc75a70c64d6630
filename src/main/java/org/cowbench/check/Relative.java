package org.cowbench.check;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.cowbench.litmus.ModelRun;
import org.cowbench.litmus.Script;
import org.cowbench.litmus.StepResult;
import org.cowbench.machine.MachineOptions;
import org.cowbench.policy.Policy;
import org.cowbench.policy.Property;
import org.cowbench.policy.ReusePolicy;
import org.jspecify.annotations.Nullable;

/**
 * What a rule would change in the kernel that has another: the cases it adds and those it closes. Every kernel violates
 * something; a reviewer asks whether a patch makes that more or less.
 *
 * @param base id of the policy of that kernel
 * @param adds what the rule violates and the base does not, the worst property first
 * @param closes what the base violates and the rule does not, the worst property first
 * @param settled false where a search stopped early, so that either may have violations that were not found
 */
public record Relative(String base, List<Case> adds, List<Case> closes, boolean settled) {
    /** The newest kernel, to which a verdict is relative where nobody says another. */
    public static final Policy NEWEST = Policy.V7_3;

    /** Copies the lists. */
    public Relative {
        adds = List.copyOf(adds);
        closes = List.copyOf(closes);
    }

    /**
     * A case of one property.
     *
     * @param known the case
     * @param property what it violates
     * @param violation its shortest counterexample, or null where the case is declared
     */
    public record Case(
            KnownCase known, Property property, @Nullable Violation violation) {
        /**
         * The name.
         *
         * @return a few words
         */
        public String label() {
            return known == KnownCase.UNNAMED ? "a new case" : known.label();
        }

        /** Cases without a name are told apart by what is known of them. */
        private String key() {
            return known + " " + property
                    + (known == KnownCase.UNNAMED && violation != null
                            ? " " + violation.cause() + " " + violation.shownBy()
                            : "");
        }
    }

    /**
     * Compares what the same searches found. The search keeps one path for each decision and witness, behind which another
     * case may be hidden; so a script that shows a case under both rules is neither added nor closed, whatever it is
     * called.
     *
     * @param judged of the rule
     * @param rule the rule
     * @param baseJudged of the base, in the same scopes
     * @param baseRule the base's rule
     * @return what differs
     */
    public static Relative of(Judgement judged, ReusePolicy rule, Judgement baseJudged, ReusePolicy baseRule) {
        Map<String, Case> own = cases(judged);
        Map<String, Case> bases = cases(baseJudged);
        return new Relative(
                baseJudged.policy(),
                without(own, bases, baseRule),
                without(bases, own, rule),
                searched(judged) && searched(baseJudged));
    }

    /**
     * Compares what was found with what is declared of a base in the default scopes.
     *
     * @param cases what was found, or is declared
     * @param base the base
     * @return what differs
     */
    public static Relative declared(Set<KnownCase> cases, Policy base) {
        Set<KnownCase> bases = KnownCase.of(base);
        return new Relative(base.id(), declared(cases, bases), declared(bases, cases), true);
    }

    private static List<Case> declared(Set<KnownCase> cases, Set<KnownCase> without) {
        return cases.stream()
                .filter(known -> !without.contains(known))
                .map(known -> new Case(known, known.property(), null))
                .sorted(Comparator.comparing(Case::property))
                .toList();
    }

    private static Map<String, Case> cases(Judgement judgement) {
        Map<String, Case> cases = new LinkedHashMap<>();
        for (Violation violation : judgement.violations()) {
            Case found = new Case(KnownCase.of(violation), violation.property(), violation);
            cases.putIfAbsent(found.key(), found);
        }
        return cases;
    }

    private static List<Case> without(Map<String, Case> cases, Map<String, Case> others, ReusePolicy other) {
        List<Case> rest = new ArrayList<>();
        cases.forEach((key, each) -> {
            if (!others.containsKey(key) && !shows(each.violation(), other)) {
                rest.add(each);
            }
        });
        return rest;
    }

    /** Whether the script shows it under another rule too, where another value may be the one that must be seen. */
    private static boolean shows(@Nullable Violation violation, ReusePolicy rule) {
        if (violation == null || !violation.scriptShowsIt()) {
            return false;
        }
        Script script = violation.script();
        List<StepResult> results = ModelRun.run(script, rule, MachineOptions.LITMUS);
        return script.folio() > 0
                ? results.getLast().violated()
                : ScriptJudge.of(script, results).stream()
                        .anyMatch(breach -> breach.property() == violation.property());
    }

    private static boolean searched(Judgement judgement) {
        return judgement.results().stream().noneMatch(result -> result.ending().early());
    }

    /**
     * Whether something is added.
     *
     * @return whether it is
     */
    public boolean worse() {
        return !adds.isEmpty();
    }

    /**
     * The verdict for a narrow column: the worst property of what is added, and how many more cases by name are; else of
     * what is closed.
     *
     * @return such as {@code as v7.3}, {@code +isolation +2}, {@code -pins} (pin-coherence)
     */
    public String brief() {
        return adds.isEmpty() && closes.isEmpty()
                ? "as " + base
                : adds.isEmpty() ? brief("-", closes) : brief("+", adds);
    }

    private static String brief(String sign, List<Case> cases) {
        long more = cases.stream().map(Case::label).distinct().count() - 1;
        return sign + cases.getFirst().property().brief() + (more > 0 ? " " + sign + more : "");
    }

    /**
     * The verdict by the names of the cases.
     *
     * @return such as {@code v5.9 + isolation (missed COW) - pin-coherence (stale pin of the zero page)}
     */
    public String words() {
        return (adds.isEmpty() && closes.isEmpty() ? "as " + base : base + named("+", adds) + named("-", closes))
                + (settled ? "" : ", as far as was searched");
    }

    private static String named(String sign, List<Case> cases) {
        return cases.stream()
                .collect(Collectors.groupingBy(
                        Case::property, LinkedHashMap::new, Collectors.mapping(Case::label, Collectors.joining(", "))))
                .entrySet()
                .stream()
                .map(entry -> " " + sign + " " + entry.getKey().id() + " (" + entry.getValue() + ")")
                .collect(Collectors.joining());
    }
}
