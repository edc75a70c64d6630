package org.cowbench.kernel;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.cowbench.litmus.Script;
import org.cowbench.policy.Policy;

/** Which of the policies that the model knows a kernel follows, by {@link AimedScripts}. */
public final class Identification {

    private Identification() {}

    /**
     * A policy held against a kernel.
     *
     * @param policies the policy and those that no script of base pages tells from it
     * @param differing the scripts in which the kernel does otherwise, in order
     */
    public record Candidate(List<Policy> policies, List<Difference> differing) {

        /**
         * Whether the kernel does what the policy does in every script.
         *
         * @return whether it does
         */
        public boolean fits() {
            return differing.isEmpty();
        }
    }

    /**
     * A script in which a kernel does otherwise than a policy.
     *
     * @param script the script
     * @param mismatches what differs, at least one
     */
    public record Difference(Script script, List<Mismatch> mismatches) {

        /**
         * Where they part.
         *
         * @return the first mismatch; what follows may only follow from it
         */
        public Mismatch first() {
            return mismatches.getFirst();
        }
    }

    /**
     * The answer.
     *
     * @param release the kernel's release
     * @param scripts scripts that were run
     * @param candidates every policy, the nearest first; bounds after others that are as near
     * @param excluded steps left out, by rule: what they would have told apart stays undecided
     * @param troubles runs in which the kernel ended or said something of itself
     */
    public record Report(
            String release,
            int scripts,
            List<Candidate> candidates,
            Map<Exclusion, Integer> excluded,
            List<ScriptRun> troubles) {

        /**
         * The policies that fit.
         *
         * @return those without a difference; several where the kernel could not be asked what tells them apart
         */
        public List<Candidate> fitting() {
            return candidates.stream().filter(Candidate::fits).toList();
        }
    }

    /**
     * Identifies a kernel.
     *
     * @param kernel the kernel
     * @return the answer
     * @throws KernelException if it cannot be asked, or does not survive too much of it
     */
    public static Report of(KernelSession kernel) {
        Map<Exclusion, Integer> excluded = new EnumMap<>(Exclusion.class);
        List<Script> scripts = new ArrayList<>();
        for (Script script : AimedScripts.all()) {
            Script left = Exclusion.apply(script, kernel.capabilities(), excluded);
            if (!left.steps().isEmpty()) {
                scripts.add(left);
            }
        }
        List<ScriptRun> runs = new ArrayList<>();
        kernel.run(scripts, runs::add);
        List<Candidate> candidates = new ArrayList<>();
        for (List<Policy> group : AimedScripts.groups()) {
            List<Difference> differing = new ArrayList<>();
            for (ScriptRun run : runs) {
                // What a kernel says of itself is no policy's.
                List<Mismatch> mismatches = Mismatch.of(
                        new ScriptRun(run.script(), run.results(), List.of(), run.end()),
                        group.getFirst().rule(),
                        kernel.capabilities().machine());
                if (!mismatches.isEmpty()) {
                    differing.add(new Difference(run.script(), mismatches));
                }
            }
            candidates.add(new Candidate(group, List.copyOf(differing)));
        }
        candidates.sort(Comparator.comparingInt(
                        (Candidate candidate) -> candidate.differing().size())
                .thenComparing(candidate -> candidate.policies().getFirst().isBound()));
        return new Report(
                kernel.release(),
                runs.size(),
                List.copyOf(candidates),
                excluded,
                runs.stream()
                        .filter(run ->
                                run.end().isPresent() || run.harm().stream().anyMatch(LogFinding::counts))
                        .toList());
    }

    /**
     * How a kernel's release is called by its era.
     *
     * @param report an answer
     * @return the policy of the release, where it is not among those that fit; empty where it is
     */
    public static Optional<Policy> surprising(Report report) {
        Policy era = KernelEra.policyOf(report.release());
        boolean expected = report.fitting().stream()
                .anyMatch(candidate -> candidate.policies().contains(era));
        return expected ? Optional.empty() : Optional.of(era);
    }
}
