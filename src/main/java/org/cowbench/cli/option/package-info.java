/**
 * Options that several commands take, one mixin each: its name, its words in the help and its check stand here and
 * nowhere else, so an option means the same wherever it is taken. A command that wants one more shared option has a field.
 *
 * <p>{@code --shard} and what belongs to it ({@link org.cowbench.cli.option.ShardOption}) say which options parts of one
 * whole must have alike: all but those that only say how this machine does its share.
 *
 * <p>What only the commands of real kernels share ({@code KernelMixin} and kin) stands beside them in
 * {@link org.cowbench.cli}: it runs guests as well.
 */
@NullMarked
package org.cowbench.cli.option;

import org.jspecify.annotations.NullMarked;
