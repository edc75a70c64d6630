/**
 * A review, in every format: the page for a reply ({@link org.cowbench.report.review.ReviewText}), KTAP, JSON and a page
 * for the browser. Nothing is judged here; what is said of a part in words is {@code ReviewWording}'s, so that all say the same.
 */
package org.cowbench.report.review;
