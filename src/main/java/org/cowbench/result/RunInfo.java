package org.cowbench.result;

import java.util.List;
import java.util.Map;

/**
 * What {@code run.json} holds: everything about a run that JMH's own format has no place for.
 *
 * @param schema version of this file's format, {@link #SCHEMA} when written by this version, 0 when there was no file
 * @param label name of the result directory
 * @param commit full id of the commit that was measured, empty when unknown
 * @param dirty whether tracked or new source files differed from the commit
 * @param command the command line
 * @param seed seed of the schedule's random order
 * @param suite name of the suite, or {@code custom}
 * @param started UTC, ISO 8601
 * @param seconds wall-clock time of the whole run so far
 * @param complete whether the whole schedule was executed
 * @param environment facts about machine, kernel and JVM by dotted name, sorted; what could not be found is absent
 * @param forks every executed fork in order
 * @param warnings what a reader of the numbers should know, one line each
 */
public record RunInfo(
        int schema,
        String label,
        String commit,
        boolean dirty,
        List<String> command,
        long seed,
        String suite,
        String started,
        double seconds,
        boolean complete,
        Map<String, String> environment,
        List<ForkInfo> forks,
        List<String> warnings) {

    /** The format this version writes, and the newest it reads. */
    public static final int SCHEMA = 1;

    /**
     * The same run at another moment.
     *
     * @param elapsed wall-clock time so far
     * @param whole whether the whole schedule was executed
     * @param executed every executed fork in order
     * @return this with these in place of its own
     */
    public RunInfo at(double elapsed, boolean whole, List<ForkInfo> executed) {
        return new RunInfo(
                schema,
                label,
                commit,
                dirty,
                command,
                seed,
                suite,
                started,
                elapsed,
                whole,
                environment,
                executed,
                warnings);
    }

    /**
     * The same run elsewhere, or of which more is known.
     *
     * @param other facts by dotted name
     * @return this with these in place of its own
     */
    public RunInfo in(Map<String, String> other) {
        return new RunInfo(
                schema, label, commit, dirty, command, seed, suite, started, seconds, complete, other, forks, warnings);
    }
}
