package org.cowbench.review;

/**
 * How much of a kernel is looked at. Two reviews of the same kernels with the same limits run the same scripts.
 *
 * @param checkSeconds how long scripts are run on each kernel to find what no kernel may show; shrinking is not counted
 * @param random random scripts that both kernels run, beside those that come with cowbench
 * @param shrink how many differences and findings are made minimal
 * @param pages pages of a measurement
 * @param boots boots of each kernel that are measured
 * @param seed of the random scripts
 */
public record ReviewLimits(double checkSeconds, int random, int shrink, int pages, int boots, long seed) {
    private static final int SHRINK = 12;

    /** What a review does unless told else. */
    public static final ReviewLimits WHOLE = new ReviewLimits(180, 400, SHRINK, 4096, 3, 1);
    /** For a first look: the same questions, fewer scripts and pages. */
    public static final ReviewLimits QUICK = new ReviewLimits(45, 100, SHRINK, 1024, 3, 1);

    /**
     * The same with another time for checking.
     *
     * @param seconds how long
     * @return the limits
     */
    public ReviewLimits withCheck(double seconds) {
        return new ReviewLimits(seconds, random, shrink, pages, boots, seed);
    }

    /**
     * The same with another seed.
     *
     * @param other the seed
     * @return the limits
     */
    public ReviewLimits withSeed(long other) {
        return new ReviewLimits(checkSeconds, random, shrink, pages, boots, other);
    }
}
