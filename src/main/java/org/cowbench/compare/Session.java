package org.cowbench.compare;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.cowbench.result.ResultDirectory;

/** By which facts of their environments runs that were interleaved in one schedule know each other. */
public final class Session {
    /** Names the session: the same in all runs of one schedule. */
    public static final String ID = "ab.session";
    /** Names the run of the control, the base's second copy. */
    public static final String CONTROL = "ab.control";
    /** Of a session that could end early: after how many blocks it was looked at, by commas. */
    public static final String LOOKS = "ab.looks";
    /** At which of its {@link #LOOKS} a session ended, from 1. */
    public static final String LOOK = "ab.look";

    private Session() {}

    static boolean interleaved(ResultDirectory base, ResultDirectory head) {
        String session = base.info().environment().get(ID);
        return session != null && session.equals(head.info().environment().get(ID));
    }

    /** After how many blocks a session was looked at; empty where their number was fixed. */
    static List<Integer> looks(Map<String, String> environment) {
        String looks = environment.get(LOOKS);
        return looks == null
                ? List.of()
                : Arrays.stream(looks.split(",")).map(Integer::valueOf).toList();
    }

    /** How many looks decided when the runs ended, whatever they are compared with now. */
    static int looks(ResultDirectory... runs) {
        return Arrays.stream(runs)
                .map(run -> run.info().environment().get(LOOKS))
                .filter(Objects::nonNull)
                .mapToInt(looks -> looks.split(",").length)
                .max()
                .orElse(1);
    }
}
