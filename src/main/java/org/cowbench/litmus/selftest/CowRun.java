package org.cowbench.litmus.selftest;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.cowbench.litmus.selftest.CowOutcome.Kind;

/** What cow.c said, read from its TAP as the lines come. */
public final class CowRun {
    private static final Pattern PLAN = Pattern.compile("1\\.\\.(\\d+)");
    private static final Pattern RUN = Pattern.compile("# \\[RUN\\] (.*)");
    private static final Pattern RESULT = Pattern.compile("(not )?ok \\d+ ?(?:(?:[^#]*)# (SKIP|XFAIL)\\b ?)?(.*)");

    private final Map<String, CowOutcome> outcomes = new LinkedHashMap<>();
    private final List<String> said = new ArrayList<>();
    private String running = "";
    private int planned;
    private int done;
    private String bail = "";
    private String end = "";

    /** Nothing has been said yet. */
    public CowRun() {}

    /**
     * Takes a line.
     *
     * @param line without its end
     */
    public void line(String line) {
        Matcher plan = PLAN.matcher(line);
        Matcher run = RUN.matcher(line);
        Matcher result = RESULT.matcher(line);
        if (plan.matches()) {
            planned = Integer.parseInt(plan.group(1));
        } else if (run.matches()) {
            running = run.group(1);
            said.clear();
        } else if (result.matches()) {
            outcomes.put(running, outcome(result.group(1) != null, result.group(2), result.group(3)));
            said.clear();
            done++;
        } else if (line.startsWith("Bail out!")) {
            bail = line;
        } else if (line.startsWith("# ")) {
            said.add(line.substring(2));
        }
    }

    /** Newer ones name the test in the result and say why on lines before it, older ones say why in the result. */
    private CowOutcome outcome(boolean failed, String directive, String text) {
        String why = said.isEmpty() ? text.equals(running) ? "" : text : String.join("; ", said);
        return new CowOutcome(
                "SKIP".equals(directive) ? Kind.SKIP : failed ? Kind.FAIL : Kind.PASS, why.equals(running) ? "" : why);
    }

    /**
     * The results so far.
     *
     * @return by the test's name, in the order in which they ran
     */
    public Map<String, CowOutcome> outcomes() {
        return new LinkedHashMap<>(outcomes);
    }

    /**
     * How many tests the program said that it would run.
     *
     * @return their number; 0 before it has said so
     */
    public int planned() {
        return planned;
    }

    /**
     * How many it has run.
     *
     * @return their number
     */
    public int done() {
        return done;
    }

    /**
     * The program is no more.
     *
     * @param how it ended, for people
     */
    public void ended(String how) {
        end = how;
    }

    /**
     * Why it ended early.
     *
     * @return one sentence, or the empty string where all tests were run
     */
    public String incomplete() {
        // Older ones also bail out when all is done and some failed.
        if (planned > 0 && done >= planned) {
            return "";
        }
        return "ended with " + end + " after " + done + " of " + planned + " tests"
                + (running.isEmpty() ? "" : ", last '" + running + "'")
                + (bail.isEmpty() ? "" : ": " + bail) + (said.isEmpty() ? "" : ": " + String.join("; ", said));
    }
}
