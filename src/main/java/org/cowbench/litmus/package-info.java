/**
 * The litmus script language: one operation a line, the same text for the model, the checker and a real kernel.
 *
 * <p>{@link org.cowbench.litmus.Op} is the table of the operations: operands, when each can be done, what it does on a
 * machine, how often random scripts draw it, and its line of help. Nothing else of this package, and nothing of the
 * checker's machine, has to know an operation by name to run it; what a step means to those who keep account of memory (the
 * checker's ghost, {@link org.cowbench.litmus.LostValues}) mostly follows from the operands. The probe has the same table in C.
 *
 * <p>{@link org.cowbench.litmus.Script} is a parsed script, {@link org.cowbench.litmus.Step} one operation of it;
 * {@link org.cowbench.litmus.ScriptParser} reads the text and names file, line and what was expected when it cannot.
 * {@link org.cowbench.litmus.ModelRun} runs one on a {@link org.cowbench.machine.Machine} and yields a
 * {@link org.cowbench.litmus.StepResult} a step, which is also what a real kernel's probe prints; steps are numbered
 * from 0 and {@code pages} is not one.
 *
 * <p>A script says what must come of it in three ways, and {@link org.cowbench.litmus.Expectations} holds a run against
 * them, whoever ran it:
 * <ul>
 * <li>{@code A read 0 -> 1}, {@code A peek X -> 1}: the value that every correct kernel shows there;
 * <li>final conditions after the last operation, {@code A 0 = 1} (what process A reads in page 0) and {@code X = 1} (what
 *     pipe or pin X shows). Memory can only be seen by an access, and an access may fault, so a condition <em>is</em> a
 *     {@code read} or {@code peek} with {@code ->}, done in turn as further steps; one through X is done by the first
 *     process that lives. Model, probe, JSON and shrinker need know nothing else of them;
 * <li>comments {@code #expect STEP WHAT: POLICY...}, alone or behind an operation: what policies (ids, or {@code all}) do
 *     at a step. {@code copy}, {@code reuse} (a fault that kept the frame), {@code quiet} (no fault) or {@code new} (no page
 *     was there) of a write or a direct read, {@code =VALUE} of a read or a peek. They are comments to every other
 *     reader. A write that brings a page back from swap copies or reuses too; a kernel does not show which, and is not
 *     judged there.
 * </ul>
 * An expectation that cannot be read, names no policy or step there is, or that no run could meet, is an error with its
 * line: one that is not evaluated looks like one that holds. {@link org.cowbench.litmus.LostValues} needs no expectation.
 *
 * <p>A script that begins {@code folio K} has one area of that size, for which one large folio is taken; only there has a
 * page operand several pages, and only there are the operations from {@code split} on. What a step does to several pages is
 * put together in {@code StepPages}, a pin of several is as many references of the machine ({@code HeldPages}), and
 * {@link org.cowbench.litmus.FolioView} is what a step shows of the folio. A policy whose era has no folio of the size
 * skips the script as a kernel does. Scripts of base pages know nothing of this: their lines and their random draws are
 * what they were.
 *
 * <p>A line {@code swap zram} names the {@link org.cowbench.litmus.SwapDevice} that a script is for, because what a step
 * does depends on it, and an expectation of one device is wrong on another. It is a property of the script and not only of a
 * run, so that a script that was found on zram, shrunk and kept, is run there again.
 *
 * <p>A line {@code count} asks for {@link org.cowbench.litmus.StepCounter}s: what changes in a kernel that only saves a drain
 * or a slot, and shows in no entry. It stands at the head and not at an operation, because what eras do there differs and
 * is said by {@code #expect}, and because the probe must know before the first step. Calls are counted in accesses only, of
 * which the model knows what they call; {@code swapcache} and {@code slots} are counted after every step. A script that does
 * not ask is run and printed as ever.
 *
 * <p>{@link org.cowbench.litmus.RandomScripts} draws scripts that lean to what distinguishes policies, and
 * {@link org.cowbench.litmus.Shrinker} makes a failing one minimal.
 */
@NullMarked
package org.cowbench.litmus;

import org.jspecify.annotations.NullMarked;
