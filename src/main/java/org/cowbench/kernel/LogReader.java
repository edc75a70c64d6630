package org.cowbench.kernel;

import java.util.ArrayList;
import java.util.List;

/** Makes findings of lines of a kernel's log and of pages that it did not free, in the order in which they came. */
final class LogReader {
    /** Lines kept of a report. */
    private static final int TRACE = 40;

    private final List<LogFinding> findings = new ArrayList<>();
    private boolean open;

    /**
     * Takes a line.
     *
     * @param log what the probe says
     * @param steps steps of the script that are done
     */
    void add(ProbeMessage.Log log, int steps) {
        if (LogFinding.sign(log.text())) {
            findings.add(new LogFinding(log.when(), steps - 1, log.text(), List.of()));
            open = true;
        } else if (LogFinding.separates(log.text())) {
            open = false;
        } else if (open && findings.getLast().trace().size() < TRACE) {
            LogFinding last = findings.removeLast();
            List<String> trace = new ArrayList<>(last.trace());
            trace.add(log.text());
            findings.add(new LogFinding(last.when(), last.step(), last.line(), trace));
        }
    }

    /**
     * Takes a page that was not freed.
     *
     * @param page what the probe says
     */
    void add(ProbeMessage.Unfreed page) {
        findings.add(LogFinding.unfreed(page.last()));
        open = false;
    }

    /**
     * What was found since the last question.
     *
     * @return the findings
     */
    List<LogFinding> take() {
        List<LogFinding> taken = List.copyOf(findings);
        findings.clear();
        open = false;
        return taken;
    }
}
