/**
 * The litmus script language: one operation a line, the same text for the model, the checker and a real kernel.
 *
 * <p>{@link org.cowbench.litmus.Script} is a parsed script, {@link org.cowbench.litmus.Step} one operation of it;
 * {@link org.cowbench.litmus.ScriptParser} reads the text and names file, line and what was expected when it cannot.
 * {@link org.cowbench.litmus.ModelRun} runs one on a {@link org.cowbench.machine.Machine} and yields a
 * {@link org.cowbench.litmus.StepResult} a step, which is also what a real kernel's probe prints; steps are numbered
 * from 0 and {@code pages} is not one.
 *
 * <p>Comments of the form {@code #expect STEP WHAT: POLICY...} say what policies do at a step (a list of ids, or {@code all}): {@code copy},
 * {@code reuse} (a fault that kept the frame), {@code quiet} (no fault), or {@code =VALUE}. They are comments to every
 * other reader, so the language stays what it is; the shipped scripts carry them and the tests hold every policy to them.
 *
 * <p>{@link org.cowbench.litmus.RandomScripts} draws scripts that lean to what distinguishes policies, and
 * {@link org.cowbench.litmus.Shrinker} makes a failing one minimal.
 */
package org.cowbench.litmus;
