/**
 * The kernel's own selftest of copy-on-write, {@code tools/testing/selftests/mm/cow.c}, as scripts: what each of its tests
 * of anonymous memory does, one by one, in the language that the model and the probe read.
 *
 * <p>A test is a {@linkplain org.cowbench.litmus.selftest.CowCase case} (what parent and child do to each other's memory)
 * times a {@linkplain org.cowbench.litmus.selftest.CowPreparation preparation} (how the memory came to be as it is). There
 * are 18 cases and 10 preparations, and 6 of these again for every size of folio, 732 tests in all. They are a table here
 * and not files: each file would repeat what its neighbours say, and a case that a newer cow.c gains is one line. The
 * text of each is {@link org.cowbench.litmus.Script#text()}.
 *
 * <p>Names are those that cow.c prints, so that {@link org.cowbench.litmus.selftest.CowRun}, which reads its TAP, needs no
 * other key. What cow.c tests beyond that has no script, and {@link org.cowbench.litmus.selftest.CowTest#missing} says why.
 *
 * <h2>Where a script is not word for word what cow.c does</h2>
 * <ul>
 * <li>munmap in the child or the parent is {@code discard}: the same entries go, the area stays.
 * <li>vmsplice of a range fills a pipe of 16 pages and ends: so many are spliced, one by one.
 * <li>What a pin shows is looked at in four pages, the first two, the middle and the last, not in all 512.
 * <li>The mprotect that makes a PTE-mapped THP is of page 0 and not of page 1.
 * <li>GUP-fast is the same script as GUP: it pins what the slow way would, or leaves it to the slow way.
 * <li>Soft-dirty tracking, by which cow.c keeps mprotect from mapping a page writable at once, has no word; where mprotect
 * does that, the write takes no fault, and the pin must show it all the same.
 * <li>fork, write and exit end there; cow.c's processes go on to compare, which reads only.
 * </ul>
 */
@NullMarked
package org.cowbench.litmus.selftest;

import org.jspecify.annotations.NullMarked;
