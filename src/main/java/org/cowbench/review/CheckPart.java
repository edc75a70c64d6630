package org.cowbench.review;

import java.util.List;
import org.cowbench.check.KnownCase;
import org.cowbench.kernel.CrossCheck;
import org.cowbench.kernel.KernelCheck;
import org.cowbench.kernel.KernelException;
import org.cowbench.kernel.LogFinding;

/**
 * What no kernel may show, and which of the two shows it.
 *
 * @param base how the base was searched
 * @param head how the head was searched
 * @param findings what was found, each on both kernels
 */
public record CheckPart(Search base, Search head, List<Finding> findings) {

    /**
     * How a kernel was searched.
     *
     * @param scripts scripts run
     * @param random how many of them were random
     * @param seconds how long they took
     * @param reached how far each scope was tried
     * @param boot what the kernel's log said against it while it booted
     * @param others scripts that showed something after enough had been made minimal
     * @param ended why it ended before its time, or the empty string
     */
    public record Search(
            long scripts,
            long random,
            double seconds,
            List<Reach> reached,
            List<String> boot,
            int others,
            String ended) {}

    /**
     * How far a scope was tried.
     *
     * @param scope its title
     * @param length every script up to this length was run
     */
    public record Reach(String scope, int length) {}

    /**
     * A script and what it shows.
     *
     * @param what the property or harm
     * @param known name of the famous case, or the empty string
     * @param script a minimal script
     * @param step the step that shows it
     * @param text what is seen there
     * @param base whether the base shows it
     * @param head whether the head shows it
     * @param repeated whether it was seen again
     * @param cut whether the script was not made as small as can be
     */
    public record Finding(
            String what,
            String known,
            String script,
            int step,
            String text,
            CrossCheck.Seen base,
            CrossCheck.Seen head,
            boolean repeated,
            boolean cut) {}

    static CheckPart of(KernelCheck.Report base, KernelCheck.Report head, List<CrossCheck.Finding> findings) {
        return new CheckPart(
                search(base),
                search(head),
                findings.stream()
                        .map(found -> new Finding(
                                found.what(),
                                found.known()
                                        .filter(known -> known != KnownCase.UNNAMED)
                                        .map(KnownCase::title)
                                        .orElse(""),
                                found.script().text(),
                                found.step(),
                                found.text(),
                                found.base(),
                                found.head(),
                                found.repeated(),
                                found.cut()))
                        .toList());
    }

    private static Search search(KernelCheck.Report report) {
        return new Search(
                report.scripts(),
                report.random(),
                report.seconds(),
                report.reached().stream()
                        .map(reach -> new Reach(reach.title(), reach.length()))
                        .toList(),
                report.boot().stream()
                        .filter(LogFinding::counts)
                        .map(LogFinding::line)
                        .toList(),
                report.others(),
                report.ended().map(KernelException::getMessage).orElse(""));
    }
}
