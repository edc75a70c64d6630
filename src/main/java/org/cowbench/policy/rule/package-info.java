/**
 * A rule of the user's own, as text: {@code --rule}.
 *
 * <p>{@link org.cowbench.policy.rule.RuleParser} reads it once into a tree
 * ({@link org.cowbench.policy.rule.Expression}), {@link org.cowbench.policy.rule.RuleCompiler} makes a class of that.
 * So a rule has what a policy has that was compiled with cowbench: a class in the loader of whoever uses it, a profile
 * of its own, and code that HotSpot inlines into the fault path. Its time is measured as theirs is. The class file is
 * written by the JDK's own API, so that no library has to be held to C's meaning of numbers.
 *
 * <p>A rule is asked for base pages, and where it has a name that is about large folios
 * ({@link org.cowbench.policy.rule.Word#isOfLargeFolios}) for their pages too, as far as page-table entries map them. One
 * expression for both, with {@code n} to tell them apart, because one function decides both in Linux
 * (wp_can_reuse_anon_folio), and because a rule of before there were such names keeps its meaning.
 *
 * <p><b>To add a name</b>: a constant of {@link org.cowbench.policy.rule.Word}, and a method of
 * {@link org.cowbench.policy.KernelOps} behind it.
 */
@NullMarked
package org.cowbench.policy.rule;

import org.jspecify.annotations.NullMarked;
