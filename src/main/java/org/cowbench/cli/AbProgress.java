package org.cowbench.cli;

import java.io.PrintWriter;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.cowbench.ab.AbPlan;
import org.cowbench.ab.AbSession;
import org.cowbench.bench.Catalog;
import org.cowbench.bench.Cell;

/** Says how long a session of {@code ab} will take, and shows on standard error how far it has come. */
final class AbProgress implements AbSession.Listener {
    /** What a fork of ab takes beside warming up and measuring: the starts of two JVMs. */
    private static final double FORK_SECONDS = 1.5;

    private static final double BOOT_SECONDS = 12;
    private static final double APP_SECONDS = 40;
    private static final double SECONDS_PER_MINUTE = 60;
    /** Below this many, seconds are said as seconds. */
    private static final double SOON = 100;

    private final RedrawnLine line;
    private final String most;

    /**
     * Begins with nothing shown.
     *
     * @param err standard error
     * @param plan of the session
     */
    AbProgress(PrintWriter err, AbPlan plan) {
        line = new RedrawnLine(System::nanoTime, err, ProgressLine.onTerminal(System.getenv()), 0);
        most = atMost(plan);
    }

    @Override
    public void starting(AbPlan.Slot slot, int done, int total, double secondsLeft) {
        line.show(() -> done + " of " + most + total + " forks"
                + (Double.isNaN(secondsLeft) ? "" : ", " + most + "about " + ProgressLine.clock(secondsLeft) + " left")
                + "  " + slot.side().name());
    }

    /** Takes the line off a terminal. */
    void clear() {
        line.clear();
    }

    /**
     * A session that looks early may end before its last fork.
     *
     * @param plan of the session
     * @return what to say before a number of forks or a time
     */
    static String atMost(AbPlan plan) {
        return plan.sequential() ? "at most " : "";
    }

    /**
     * Says how long a session will take.
     *
     * @param plan its plan
     * @param forks forks to execute
     * @return a line for people
     */
    static String estimate(AbPlan plan, int forks) {
        String count = atMost(plan) + forks + (forks == 1 ? " fork" : " forks");
        if (plan.sides().getFirst().verb().contains(AbCommand.TIMING)) {
            return count;
        }
        Map<String, Double> planned =
                Catalog.cells().stream().collect(Collectors.toMap(Cell::tag, Cell::plannedSeconds));
        double fork = plan.timed()
                ? FORK_SECONDS
                        + plan.cells().stream()
                                .mapToDouble(cell -> planned.getOrDefault(cell, 1.0))
                                .average()
                                .orElse(1)
                : plan.ofApp() ? APP_SECONDS : BOOT_SECONDS;
        double seconds = fork * forks;
        String looks = !plan.sequential()
                ? ""
                : "; ends after "
                        + plan.looks().stream()
                                .limit(plan.looks().size() - 1L)
                                .map(String::valueOf)
                                .collect(Collectors.joining(" or "))
                        + " of " + plan.blocks() + " blocks once every score is decided";
        return String.format(
                Locale.ROOT,
                "%s of about %.1f s, about %s in all%s",
                count,
                fork,
                seconds < SOON
                        ? Math.round(seconds) + " seconds"
                        : Math.round(seconds / SECONDS_PER_MINUTE) + " minutes",
                looks);
    }
}
