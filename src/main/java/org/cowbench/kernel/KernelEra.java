package org.cowbench.kernel;

import org.cowbench.policy.Policy;

/** Which policy an unmodified kernel has. */
public final class KernelEra {

    private KernelEra() {}

    /**
     * The policy of a release.
     *
     * @param release a release or series, such as {@code 6.12} or {@code 5.10.0-32-cloud-amd64}
     * @return the policy
     */
    public static Policy policyOf(String release) {
        if (before(release, "5.8")) {
            return Policy.V5_7;
        }
        if (before(release, "5.9")) {
            return Policy.V5_8;
        }
        if (before(release, "5.18")) {
            return Policy.V5_9;
        }
        if (before(release, "5.19")) {
            return Policy.V5_18;
        }
        if (before(release, "6.11")) {
            return Policy.V5_19;
        }
        if (before(release, "6.15")) {
            return Policy.V6_11;
        }
        if (before(release, "7.0")) {
            return Policy.V6_15;
        }
        return before(release, "7.3") ? Policy.V7_0 : Policy.V7_3;
    }

    private static boolean before(String release, String series) {
        String[] numbers = release.split("[^0-9]+");
        String own = numbers.length > 1 ? numbers[0] + "." + numbers[1] : release;
        return KernelImage.compareSeries(own, series) < 0;
    }
}
