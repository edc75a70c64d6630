/**
 * Options that several commands take, one mixin each: its name, its words in the help and its check stand here and
 * nowhere else, so an option means the same wherever it is taken. A command that wants one more shared option has a field.
 *
 * <p>What only the commands of real kernels share ({@code KernelMixin} and kin) stands beside them in
 * {@link org.cowbench.cli}: it runs guests as well.
 */
@NullMarked
package org.cowbench.cli.option;

import org.jspecify.annotations.NullMarked;
