package org.cowbench.cli;

import java.util.OptionalLong;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.cowbench.litmus.Op;
import org.cowbench.litmus.Step;

/** The script language on a screen, for the help of the commands that take scripts. */
final class LanguageHelp {
    /** Lines of at most 80 columns. */
    static final String TEXT = "The language: one operation a line, # starts a comment. Process A is there at%n"
            + "the start; pages count from 0; memory never written reads 0.%n"
            + "  pages N                     size of the area, first line; default 1%n"
            + "  swap zram                   the device: disk (default), zram, none%n"
            + "  count drains                what every step tells besides, if it is asked:%n"
            + "                              copies, drains, tlb, swapcache, slots%n"
            + lines(false)
            + "Instead of 'pages N', a script of one large folio, which has more operations;%n"
            + "there G may be I-J or all (not in splice and dio), and X.9 is page 9 of pin X:%n"
            + "  folio K                     its size in KiB, 16, 32, ... 2048%n"
            + lines(true)
            + "After the last operation, conditions on the end; each is looked at in turn, by%n"
            + "a read or a peek that counts as a step:%n"
            + "  A 0 = 1                     process A must read 1 in page 0%n"
            + "  X = 1                       the pipe or pin X must show 1%n"
            + "Anywhere, what policies do at a step; steps count operations, from 0:%n"
            + "  #expect 5 copy: v5.9 v5.18  copy, reuse, quiet (no fault), new of write, dio%n"
            + "  #expect 6 =1: all           the value of a read or a peek, of every policy%n"
            + "  #expect 5 drains=1: v5.18   what 'count drains' counts, of a read or a write";

    private LanguageHelp() {}

    private static String lines(boolean ofFolios) {
        return Stream.of(Op.values())
                .filter(op -> op.ofFolios() == ofFolios)
                .map(LanguageHelp::line)
                .collect(Collectors.joining());
    }

    private static String line(Op op) {
        Step step = new Step(
                0,
                "A",
                op,
                0,
                op.namesProcess() ? "B" : "X",
                1,
                op.seesValue() ? OptionalLong.of(1) : OptionalLong.empty());
        return String.format("  %-28s%s%%n", step, op.help());
    }
}
