/**
 * The commands of cowbench, one class each; {@link org.cowbench.cli.Main} lists them.
 *
 * <p>A command parses its options, calls the packages underneath and turns what comes back into text and an
 * {@link org.cowbench.cli.ExitStatus}. Standard output carries the result alone; progress and warnings go to standard
 * error. Output that cannot be written ends any command with a status of its own: {@link org.cowbench.cli.StandardOutput}
 * throws where a stream of Java's would keep silent. Commands that measure look first at the places they will write to
 * ({@link org.cowbench.cli.Places}). What several take is an {@linkplain org.cowbench.cli.option option} of its own. A
 * failure that the user can do something about is an exception whose message is one line that says what; only
 * {@link org.cowbench.cli.Main} prints it, so every command fails in the same way.
 */
@NullMarked
package org.cowbench.cli;

import org.jspecify.annotations.NullMarked;
