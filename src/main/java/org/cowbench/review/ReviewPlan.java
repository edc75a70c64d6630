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
 * @param uncompiled files of the changes that neither kernel has, for their option is off, which is told where it is known
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

    /**
     * What was said of a kernel, for a page on which both have a name: without the place of its file.
     *
     * @param text such as {@code /home/me/bzImage (6.12.1) crashed}
     * @return such as {@code the head crashed}
     */
    public String named(String text) {
        return text.replace(place(base), "the base").replace(place(head), "the head");
    }

    /**
     * What was said of a kernel, where there is no such page: with the place of its file.
     *
     * @param text such as {@code /home/me/bzImage (6.12.1) crashed}
     * @return such as {@code the head, /home/me/bzImage (6.12.1) crashed}
     */
    public String placed(String text) {
        return same()
                ? text
                : text.replace(place(base), "the base, " + place(base))
                        .replace(place(head), "the head, " + place(head));
    }

    private static String place(Kernel kernel) {
        return kernel.source() + " (" + kernel.release() + ")";
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
