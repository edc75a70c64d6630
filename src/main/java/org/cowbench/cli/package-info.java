/**
 * The commands of cowbench, one class each; {@link org.cowbench.cli.Main} lists them.
 *
 * <p>A command parses its options, calls the packages underneath and turns what comes back into text and an
 * {@link org.cowbench.cli.ExitStatus}. Standard output carries the result alone; progress and warnings go to standard
 * error. A failure the user can do something about is an exception whose message is that one line; only
 * {@link org.cowbench.cli.Main} prints it, so every command fails in the same way.
 */
package org.cowbench.cli;
