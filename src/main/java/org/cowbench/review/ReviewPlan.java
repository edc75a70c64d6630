package org.cowbench.review;

import java.util.List;
import org.cowbench.kernel.KernelImage;
import org.jspecify.annotations.Nullable;

/**
 * What is reviewed, and how much of it; a review that is taken up again must be of the same.
 *
 * @param schema version of all files of a review
 * @param base the kernel that is there
 * @param head the kernel that is to be
 * @param built whether both were built for this from one source, so that they differ in the changes alone
 * @param changes what the patches between the two are called, in their order; empty where the kernels were given as images
 * @param uncompiled files of the changes that neither kernel has, for their option is off
 * @param checks whether they were built with the kernel's own checks, which cost instructions
 * @param limits how much is looked at
 * @param cow path of the kernel's own selftest, or the empty string where it is not wanted
 */
public record ReviewPlan(
        int schema,
        Kernel base,
        Kernel head,
        boolean built,
        List<String> changes,
        List<String> uncompiled,
        boolean checks,
        ReviewLimits limits,
        String cow) {
    /** The format that this version writes and reads. */
    public static final int SCHEMA = 1;

    /** Without titles and such files: a review that was begun before there were any. */
    public ReviewPlan {
        changes = withoutNull(changes);
        uncompiled = withoutNull(uncompiled);
    }

    private static List<String> withoutNull(@Nullable List<String> some) {
        return some == null ? List.of() : List.copyOf(some);
    }

    /**
     * A kernel.
     *
     * @param source its file
     * @param modules the folder of its modules, or the empty string
     * @param sha256 of the image
     * @param release as {@code uname -r} says it
     * @param build as {@code uname -v} says it
     */
    public record Kernel(String source, String modules, String sha256, String release, String build) {

        /**
         * Notes a kernel.
         *
         * @param image the kernel
         * @param modules the folder of its modules, or the empty string
         * @return what tells it from others
         */
        public static Kernel of(KernelImage image, String modules) {
            return new Kernel(image.source(), modules, image.sha256(), image.release(), image.build());
        }
    }

    /**
     * Whether both sides are the same kernel.
     *
     * @return whether they are
     */
    public boolean same() {
        return base.sha256().equals(head.sha256());
    }

    /** Whether another plan asks for the same, wherever its files are. */
    boolean asks(ReviewPlan other) {
        return schema == other.schema
                && base.sha256().equals(other.base.sha256())
                && head.sha256().equals(other.head.sha256())
                && limits.equals(other.limits)
                && cow.equals(other.cow);
    }
}
