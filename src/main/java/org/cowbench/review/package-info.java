/**
 * {@code review}: two kernels, and what one does that the other does not, in one sitting.
 *
 * <p>{@link org.cowbench.review.ReviewRun} asks both kernels all that the {@code kernel} commands ask, through the same
 * classes of package {@code kernel}, and keeps the answer to each {@linkplain org.cowbench.review.ReviewPart part} as a
 * record in the {@linkplain org.cowbench.review.ReviewFolder folder}. A part is whole or absent, so a review that was cut
 * short goes on with the first that is absent. {@link org.cowbench.review.ReviewPlan} says of which kernels and how much,
 * and a folder is never taken for another pair's.
 *
 * <p>{@link org.cowbench.review.ReviewJudge} makes a {@link org.cowbench.review.Review} of the parts, values alone;
 * package {@code report.review} says it in words. What is judged:
 * <ul>
 * <li>Safety is relative to the base. Each kernel is searched by itself, and which scripts a search comes upon in its time
 * is chance; so the minimal script of each finding is run on the other kernel too, and a case is introduced, removed or
 * kept by what the same script shows on both ({@link org.cowbench.kernel.CrossCheck}).
 * <li>A case has its famous name where a policy of the model shows the same in that script: a kernel does not tell which
 * decision put a page where it is.
 * <li>Behaviour that differs is what a patch is for, and no finding; neither is a cost, unless a gate is asked for.
 * <li>A kernel that does not survive is a finding, and what was not asked is said to be missing.
 * </ul>
 *
 * <p>Both kernels are asked at the same time, a guest each. Boots that measure take turns with each other in time, both
 * kernels at once, and are compared as two runs: guests count instructions, in which this machine's load does not show.
 */
package org.cowbench.review;
