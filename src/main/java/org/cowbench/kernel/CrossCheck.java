package org.cowbench.kernel;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.cowbench.check.KnownCase;
import org.cowbench.check.ScriptCase;
import org.cowbench.check.ScriptJudge;
import org.cowbench.litmus.Script;
import org.cowbench.machine.MachineOptions;
import org.cowbench.policy.Policy;
import org.cowbench.policy.Property;

/**
 * What two checks found, relative to each other. Each found its own scripts, and how many of a kind is a matter of chance
 * and budget; so the minimal script of each finding is run on the other kernel too, and what it shows there decides
 * whether the head adds, closes or keeps it.
 */
public final class CrossCheck {
    private final FreshBoots base;
    private final FreshBoots head;
    private final Consumer<String> progress;

    /** Whether a kernel shows something. */
    public enum Seen {
        /** It does. */
        YES,
        /** It does the script and shows nothing of the kind. */
        NO,
        /** It cannot do the script. */
        CANNOT
    }

    /**
     * A script and what it shows.
     *
     * @param what the property or harm, as in {@link KernelCheck.Trouble}
     * @param known the famous case that it is; empty for a harm, and where no rule of the model shows the same
     * @param script the minimal script
     * @param step the step that shows it
     * @param text what is seen there
     * @param base whether the base shows it
     * @param head whether the head shows it
     * @param repeated whether it was seen again on the kernel whose check found it
     * @param cut whether the script was not made as small as can be, see {@link KernelCheck.Finding}
     */
    public record Finding(
            String what,
            Optional<KnownCase> known,
            Script script,
            int step,
            String text,
            Seen base,
            Seen head,
            boolean repeated,
            boolean cut) {}

    /**
     * Sets up a comparison.
     *
     * @param base the one kernel
     * @param head the other
     * @param progress is told now and then how far it is
     */
    public CrossCheck(KernelSession base, KernelSession head, Consumer<String> progress) {
        this.base = new FreshBoots(base);
        this.head = new FreshBoots(head);
        this.progress = progress;
    }

    /**
     * Runs each side's minimal scripts on the other, and more scripts on both: what is known of the kernels' difference need
     * not be in reach of a search.
     *
     * @param ofBase what the base's check found
     * @param ofHead what the head's check found
     * @param more scripts of base pages to judge on both
     * @return a finding each, the shortest script first; of those that both found, one
     * @throws KernelException if a kernel cannot be asked
     */
    public List<Finding> of(KernelCheck.Report ofBase, KernelCheck.Report ofHead, List<Script> more) {
        List<Finding> all = new ArrayList<>();
        ofHead.findings().forEach(found -> all.add(relative(found, false)));
        ofBase.findings().stream()
                .filter(found -> all.stream()
                        .noneMatch(each -> each.what().equals(found.what())
                                && each.script().steps().equals(found.minimal().steps())))
                .map(found -> relative(found, true))
                .forEach(all::add);
        for (Script script : more) {
            all.addAll(judged(script));
        }
        all.sort(Comparator.comparingInt(found -> found.script().steps().size()));
        return List.copyOf(all);
    }

    /** What a script shows on either kernel, each kernel asked twice. */
    private List<Finding> judged(Script script) {
        progress.accept("on both kernels: " + script.file());
        Map<String, KernelCheck.Trouble> ofBase = troubles(script, base);
        Map<String, KernelCheck.Trouble> ofHead = troubles(script, head);
        Map<String, KernelCheck.Trouble> either = new LinkedHashMap<>(ofHead);
        ofBase.forEach(either::putIfAbsent);
        List<Finding> found = new ArrayList<>();
        either.forEach((what, trouble) -> {
            boolean onHead = ofHead.containsKey(what);
            Seen other = seen(what, script, onHead ? base : head);
            Seen again = seen(what, script, onHead ? head : base);
            found.add(finding(what, script, trouble, !onHead, other, again == Seen.YES, false));
        });
        return found;
    }

    /** The first trouble of each kind; none where the kernel cannot do the script. */
    private static Map<String, KernelCheck.Trouble> troubles(Script script, FreshBoots boots) {
        Map<String, KernelCheck.Trouble> troubles = new LinkedHashMap<>();
        if (can(script, boots)) {
            Troubles.of(boots.ask(script, false)).forEach(trouble -> troubles.putIfAbsent(trouble.what(), trouble));
        }
        return troubles;
    }

    private Finding relative(KernelCheck.Finding found, boolean ofBase) {
        Script script = found.minimal();
        progress.accept("on the other kernel: " + found.what() + ", " + script.file());
        Seen other = seen(found.what(), script, ofBase ? head : base);
        KernelCheck.Trouble trouble = found.troubles().stream()
                .filter(each -> each.what().equals(found.what()))
                .findFirst()
                .orElseThrow();
        return finding(found.what(), script, trouble, ofBase, other, found.repeated(), found.cut());
    }

    private Finding finding(
            String what,
            Script script,
            KernelCheck.Trouble trouble,
            boolean ofBase,
            Seen other,
            boolean repeated,
            boolean cut) {
        return new Finding(
                what,
                known(what, script, ofBase ? base : head),
                script,
                trouble.step(),
                trouble.text(),
                ofBase ? Seen.YES : other,
                ofBase ? other : Seen.YES,
                repeated,
                cut);
    }

    private static boolean can(Script script, FreshBoots boots) {
        Map<Exclusion, Integer> left = new EnumMap<>(Exclusion.class);
        Exclusion.apply(script, boots.kernel().capabilities(), left);
        return left.isEmpty();
    }

    private static Seen seen(String what, Script script, FreshBoots boots) {
        if (!can(script, boots)) {
            return Seen.CANNOT;
        }
        // What is said only once in a boot may have been said already.
        boolean said = what.equals(Harm.LOG.words()) || what.equals(Harm.CRASH.words());
        return Troubles.of(boots.ask(script, said)).stream()
                        .anyMatch(trouble -> trouble.what().equals(what))
                ? Seen.YES
                : Seen.NO;
    }

    /** By the policy that differs least from what the kernel does in the script, of those that show the same. */
    private static Optional<KnownCase> known(String what, Script script, FreshBoots boots) {
        if (script.ofFolios()
                || Arrays.stream(Property.values())
                        .noneMatch(property -> property.id().equals(what))) {
            return Optional.empty();
        }
        MachineOptions machine = boots.kernel().capabilities().machine();
        ScriptRun run = boots.ask(script, false);
        Optional<ScriptJudge.Breach> breach = ScriptJudge.of(script, run.results()).stream()
                .filter(each -> each.property().id().equals(what))
                .findFirst();
        Optional<KnownCase> nearest = Optional.empty();
        int least = Integer.MAX_VALUE;
        for (Policy policy : breach.isPresent() ? Policy.shipped() : List.<Policy>of()) {
            int differs = Mismatch.of(run, policy.rule(), machine).size();
            // Of two that are as near, the one that is known for the case: v5.7 does in a script what liang does.
            boolean open = differs == least && nearest.equals(Optional.of(KnownCase.UNNAMED));
            Optional<KnownCase> named = differs < least || open
                    ? ScriptCase.of(script, breach.get(), policy.rule(), machine)
                    : Optional.empty();
            if (named.isPresent()) {
                // A kernel's script need not be of the form that the cases are told by; where the policy is not known
                // for the case, it is none of them.
                nearest = named.filter(KnownCase.of(policy)::contains).or(() -> Optional.of(KnownCase.UNNAMED));
                least = differs;
            }
        }
        return nearest;
    }
}
