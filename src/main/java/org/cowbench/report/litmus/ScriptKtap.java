package org.cowbench.report.litmus;

import java.util.List;
import java.util.Map;
import org.cowbench.report.text.Ktap;

/** What became of scripts on kernels as KTAP version 1, which kernel test tooling reads: a test a kernel, a subtest a script. */
public final class ScriptKtap {

    private ScriptKtap() {}

    /** How a script came out. */
    public enum State {
        /** All of it is as it must be. */
        PASSED,
        /** Something is not. */
        FAILED,
        /** The kernel cannot do all of it, and what it did is as it must be: it says nothing. */
        SKIPPED
    }

    /**
     * What became of a script.
     *
     * @param name the script
     * @param state how it came out
     * @param note why, or the empty string
     * @param details what was seen, a line each
     */
    public record Outcome(String name, State state, String note, List<String> details) {
        /** Copies the list. */
        public Outcome {
            details = List.copyOf(details);
        }
    }

    /**
     * Writes the document. A kernel all of whose scripts were skipped is skipped too.
     *
     * @param outcomes one a script, by kernel
     * @param found by kernel what else speaks against it, a line each; one that has a line fails
     * @return the document, each line ended
     */
    public static String write(Map<String, List<Outcome>> outcomes, Map<String, List<String>> found) {
        Ktap out = new Ktap(outcomes.size());
        outcomes.forEach((kernel, scripts) -> {
            Ktap inner = out.subtest(kernel, scripts.size());
            for (Outcome script : scripts) {
                script.details().forEach(inner::comment);
                if (script.state() == State.SKIPPED) {
                    inner.skip(script.name(), script.note());
                } else {
                    inner.result(script.state() == State.PASSED, script.name(), script.note());
                }
            }
            List<String> against = found.getOrDefault(kernel, List.of());
            against.forEach(out::comment);
            if (against.isEmpty()
                    && !scripts.isEmpty()
                    && scripts.stream().allMatch(each -> each.state() == State.SKIPPED)) {
                out.skip(kernel, "it can do none of the scripts");
            } else {
                out.result(
                        against.isEmpty() && scripts.stream().noneMatch(each -> each.state() == State.FAILED),
                        kernel,
                        summary(scripts));
            }
        });
        return out.toString();
    }

    private static String summary(List<Outcome> scripts) {
        return "passed " + count(scripts, State.PASSED) + ", failed " + count(scripts, State.FAILED) + ", skipped "
                + count(scripts, State.SKIPPED);
    }

    private static long count(List<Outcome> scripts, State state) {
        return scripts.stream().filter(each -> each.state() == state).count();
    }
}
