package org.cowbench.review;

import java.util.ArrayList;
import java.util.List;
import org.cowbench.kernel.Identification;
import org.cowbench.kernel.KernelEra;
import org.cowbench.policy.Policy;

/**
 * Which known policy each kernel follows.
 *
 * @param base the one kernel
 * @param head the other
 */
public record IdentifyPart(Kernel base, Kernel head) {

    /**
     * What is known of a kernel's rule.
     *
     * @param fits ids of the policies that fit in all scripts; several where nothing tells them apart
     * @param nearest ids of the nearest, which are those that fit where some do
     * @param followed scripts in which the kernel does what the nearest does
     * @param scripts scripts that were run
     * @param era id of the policy that its release would have
     */
    public record Kernel(List<String> fits, List<String> nearest, int followed, int scripts, String era) {

        /**
         * Whether its release tells another rule than it has.
         *
         * @return whether it does
         */
        public boolean surprising() {
            return !fits.contains(era);
        }

        /**
         * The rule in words.
         *
         * @return such as {@code follows v5.9 (all 26 scripts)}; of several the one of its release first
         */
        public String words() {
            if (fits.isEmpty()) {
                return "follows no known rule; nearest " + String.join(", ", nearest) + " (" + followed + " of "
                        + scripts + " scripts)";
            }
            List<String> alike = new ArrayList<>(fits);
            String first = surprising() ? fits.getFirst() : era;
            alike.remove(first);
            return "follows " + first + " (all " + scripts + " scripts"
                    + (alike.isEmpty() ? "" : ", which do not tell it from " + String.join(", ", alike)) + ")";
        }
    }

    static Kernel kernel(Identification.Report report) {
        Identification.Candidate nearest = report.candidates().getFirst();
        return new Kernel(
                report.fitting().stream()
                        .flatMap(fits -> fits.policies().stream())
                        .map(Policy::id)
                        .toList(),
                nearest.policies().stream().map(Policy::id).toList(),
                report.scripts() - nearest.differing().size(),
                report.scripts(),
                KernelEra.policyOf(report.release()).id());
    }
}
