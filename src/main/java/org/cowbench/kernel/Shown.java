package org.cowbench.kernel;

import java.util.List;
import org.cowbench.litmus.Op;
import org.cowbench.litmus.Script;
import org.cowbench.litmus.Step;

/**
 * What scripts that do the same in the same order have shown in a {@linkplain KernelCheck check}.
 *
 * @param what what they show
 * @param script the first of them in the order of the whole check, whoever ran it
 * @param place where in that order: places are ordered as their texts are
 * @param log what the kernel said when one showed it first, or the empty string
 * @param count how many scripts there were, without those that other shares count
 * @param after how many scripts had been run when the first was seen, itself included
 * @param look whether one of them was looked at closer
 * @param minimal a minimal script that shows it, as {@link KernelCheck.Finding#minimal} has it; else the script
 * @param troubles what the minimal script shows
 */
public record Shown(
        String what,
        Script script,
        String place,
        String log,
        int count,
        long after,
        Look look,
        Script minimal,
        List<KernelCheck.Trouble> troubles) {

    /** Whether a script was looked at closer. */
    public enum Look {
        /** It showed the same again, and was made smaller. */
        AGAIN,
        /** The same, but time was up before all smaller ones had been tried. */
        CUT,
        /** It was seen once: it did not show the same again, or was not asked again. */
        ONCE,
        /** It was only counted: it does what a known one does, or enough had been made minimal. */
        NOT
    }

    /** A script that was only seen so far. */
    static Shown seen(
            String what,
            Script script,
            String place,
            String log,
            int count,
            long after,
            List<KernelCheck.Trouble> troubles) {
        return new Shown(what, script, place, log, count, after, Look.NOT, script, troubles);
    }

    /** The same, looked at. */
    Shown looked(Look how, Script smaller, List<KernelCheck.Trouble> shows) {
        return new Shown(what, script, place, log, count, after, how, smaller, shows);
    }

    /** The same, whose scripts are counted elsewhere. */
    Shown uncounted() {
        return new Shown(what, script, place, log, 0, after, look, minimal, troubles);
    }

    /** The same, for a whole of which it is a part. */
    Shown after(long scripts) {
        return new Shown(what, script, place, log, count, scripts, look, minimal, troubles);
    }

    /** The same, with another of the same steps: what was looked at closer counts, then what comes first. */
    Shown and(Shown other) {
        boolean first = place.compareTo(other.place) <= 0;
        boolean own = look == other.look ? first : look.compareTo(other.look) < 0;
        Shown of = own ? this : other;
        // What was seen once is told by the script that showed it.
        Shown named = of.look == Look.ONCE ? of : first ? this : other;
        return new Shown(
                what,
                named.script,
                named.place,
                of.log,
                count + other.count,
                Math.min(after, other.after),
                of.look,
                of.look == Look.NOT ? named.script : of.minimal,
                of.troubles);
    }

    /** What the script does, whoever does it to whatever. */
    List<Op> operations() {
        return operations(script);
    }

    /** What the minimal script does. */
    List<Op> minimalOperations() {
        return operations(minimal);
    }

    private static List<Op> operations(Script script) {
        return script.steps().stream().map(Step::op).toList();
    }

    /** Whether the script does, in their order, what the minimal script of another does, and shows the same. */
    boolean does(Shown other) {
        return what.equals(other.what) && contains(script.steps(), other.minimal.steps());
    }

    /** The same of its minimal script. */
    boolean minimallyDoes(Shown other) {
        return what.equals(other.what) && contains(minimal.steps(), other.minimal.steps());
    }

    /**
     * Whether some steps do, in their order, what others do, whoever does it to whatever.
     *
     * @param steps the steps
     * @param others the others
     * @return whether they do
     */
    static boolean contains(List<Step> steps, List<Step> others) {
        int at = 0;
        for (Step step : steps) {
            if (at < others.size() && alike(step.op(), others.get(at).op())) {
                at++;
            }
        }
        return at == others.size();
    }

    /** Pressure drains too. */
    private static boolean alike(Op op, Op other) {
        return op == other || op == Op.RECLAIM && other == Op.DRAIN;
    }
}
