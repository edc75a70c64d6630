package org.cowbench.kernel;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.cowbench.litmus.EntryState;
import org.cowbench.litmus.Script;
import org.cowbench.litmus.StepCounter;
import org.cowbench.litmus.StepResult;
import org.cowbench.litmus.WriteKind;

/**
 * What one kernel does otherwise than another, by the same scripts on both, with the comparison that {@link Conformance}
 * makes with the model: neither needs a policy. Only the first difference of a script counts, for what follows may only
 * follow from it; and a {@linkplain StepCounter counter} only where nothing else differs, so that it hides no harm. Scripts
 * whose first difference is alike are one group, and the shortest of each is made minimal.
 */
public final class KernelDiff {
    private static final int BATCH = 100;

    private final KernelSession base;
    private final KernelSession head;
    private final int shrink;
    private final Consumer<String> progress;

    /**
     * How a script's first difference looks.
     *
     * @param operation the operation's word
     * @param before the entry before, in words; the empty string where the operation names no page
     * @param field what differs: {@code decision} for what a write did with the page, else that of the mismatch
     * @param base what the base did
     * @param head what the head did
     */
    public record Difference(String operation, String before, String field, String base, String head) {

        /** A page was copied here and kept there. */
        private static boolean keeps(String decision) {
            return decision.equals(WriteKind.REUSE.toString()) || decision.equals(WriteKind.QUIET.toString());
        }

        /**
         * Whether the base copies where the head keeps the frame.
         *
         * @return whether it does
         */
        public boolean headReuses() {
            return base.equals(WriteKind.COPY.toString()) && keeps(head);
        }

        /**
         * Whether the head copies where the base keeps the frame.
         *
         * @return whether it does
         */
        public boolean headCopies() {
            return keeps(base) && head.equals(WriteKind.COPY.toString());
        }

        /** Both keep the frame, and the head takes a fault for it. */
        private boolean headFaults() {
            return base.equals(WriteKind.QUIET.toString()) && head.equals(WriteKind.REUSE.toString());
        }

        /** The other way round. */
        private boolean baseFaults() {
            return base.equals(WriteKind.REUSE.toString()) && head.equals(WriteKind.QUIET.toString());
        }

        /** The counter that differs; empty where it is another field. */
        private Optional<StepCounter> counter() {
            return Arrays.stream(StepCounter.values())
                    .filter(counter -> counter.toString().equals(field))
                    .findFirst();
        }

        /** The field for people, with its verb. */
        private String subject() {
            return switch (field) {
                case "before", "after" -> "the entry " + field + " it is";
                case "old" -> "what it was made on is";
                case "minor", "major" -> field + " faults are";
                default -> counter().map(counter -> words(counter) + " are").orElse(field + " is");
            };
        }

        /**
         * The same in a line.
         *
         * @return such as {@code write, present before: decision is copy in the base, reuse in the head}
         */
        public String text() {
            return operation + (before.isEmpty() ? "" : ", " + before + " before") + ": " + subject() + " " + base
                    + " in the base, " + head + " in the head";
        }
    }

    /**
     * Scripts that differ alike.
     *
     * @param difference their first difference
     * @param harm what it is, for the head
     * @param script a minimal script that shows it, or the shortest that did where it was not shrunk or not seen again
     * @param step the step that differs
     * @param repeated whether it was seen again
     * @param scripts how many show it
     * @param after how many had been run when the first showed it, itself included
     * @param cut whether three minutes were not enough to try all smaller scripts
     */
    public record Group(
            Difference difference,
            Harm harm,
            Script script,
            int step,
            boolean repeated,
            int scripts,
            int after,
            boolean cut) {

        /**
         * What it is, where the other is a kernel and no model.
         *
         * @return a few words
         */
        public String what() {
            return harm == Harm.BETTER ? "right where the base is wrong" : harm.words();
        }
    }

    /**
     * The outcome.
     *
     * @param scripts scripts that both have run
     * @param steps steps compared
     * @param groups what differs, the worst first
     * @param excluded steps left out, by rule, on account of either kernel
     * @param uncounted why a counter that scripts ask for is not compared
     * @param ended why the comparison ended early
     */
    public record Report(
            int scripts,
            long steps,
            List<Group> groups,
            Map<Exclusion, Integer> excluded,
            Map<StepCounter, String> uncounted,
            Optional<KernelException> ended) {

        /**
         * The differences of decision in a sentence, and those of what is counted.
         *
         * @return such as {@code head reuses where base copies in 2 situations, never the other way}
         */
        public String decisions() {
            List<String> said = new ArrayList<>();
            ways(
                            "reuses where base copies",
                            count(Difference::headReuses),
                            "copies where base reuses",
                            count(Difference::headCopies))
                    .ifPresentOrElse(said::add, () -> said.add("head copies and reuses as base does"));
            ways(
                            "takes a fault where base takes none",
                            count(Difference::headFaults),
                            "takes none where base takes a fault",
                            count(Difference::baseFaults))
                    .ifPresent(said::add);
            for (StepCounter counter : StepCounter.values()) {
                long all = count(difference -> difference.counter().equals(Optional.of(counter)));
                long more = count(difference -> difference.counter().equals(Optional.of(counter))
                        && Long.parseLong(difference.head()) > Long.parseLong(difference.base()));
                ways("has fewer " + words(counter), all - more, "has more " + words(counter), more)
                        .ifPresent(said::add);
            }
            return String.join("; ", said);
        }

        private long count(Predicate<Difference> wanted) {
            return groups.stream().map(Group::difference).filter(wanted).count();
        }

        /** What is so in some situations, and the other way round in others; empty where neither is. */
        private static Optional<String> ways(String one, long ones, String other, long others) {
            if (ones == 0 && others == 0) {
                return Optional.empty();
            }
            boolean both = ones > 0 && others > 0;
            return Optional.of("head " + (ones > 0 ? one : other) + situations(ones > 0 ? ones : others)
                    + (both ? ", and " + other + situations(others) : ", never the other way"));
        }

        private static String situations(long count) {
            return " in " + count + " situation" + (count == 1 ? "" : "s");
        }
    }

    private static String words(StepCounter counter) {
        return switch (counter) {
            case COPIES -> "copies";
            case DRAINS -> "LRU drains";
            case TLB -> "TLB flushes";
            case SWAPCACHE -> "pages in the swap cache";
            case SLOTS -> "swap slots in use";
        };
    }

    /** A script with its first difference, and whether a kernel was silent until nobody waited any more. */
    private record Found(Script script, Difference difference, Harm harm, int step, boolean hung) {}

    /** Those that differ alike, and which script in turn showed it first. */
    private record Alike(List<Found> found, int after) {
        private static final Comparator<Alike> WORST = Comparator.comparing(
                        (Alike alike) -> alike.found().getFirst().harm())
                .thenComparingInt(alike -> -alike.found().size());
    }

    /**
     * Sets up a comparison.
     *
     * @param base the one kernel
     * @param head the other
     * @param shrink how many groups to make minimal
     * @param progress is told now and then how far it is
     */
    public KernelDiff(KernelSession base, KernelSession head, int shrink, Consumer<String> progress) {
        this.base = base;
        this.head = head;
        this.shrink = shrink;
        this.progress = progress;
    }

    /**
     * Compares.
     *
     * @param scripts the scripts
     * @return the outcome
     * @throws KernelException if nothing could be compared
     */
    public Report compare(List<Script> scripts) {
        Map<Exclusion, Integer> excluded = new EnumMap<>(Exclusion.class);
        Map<Exclusion, Integer> byHead = new EnumMap<>(Exclusion.class);
        List<Script> asked = new ArrayList<>();
        for (Script script : scripts) {
            Script left = Exclusion.apply(
                    Exclusion.apply(script, base.capabilities(), excluded), head.capabilities(), byHead);
            if (!left.steps().isEmpty()) {
                asked.add(left);
            }
        }
        byHead.forEach((rule, steps) -> excluded.merge(rule, steps, Integer::sum));
        Map<Difference, Alike> alike = new LinkedHashMap<>();
        Map<StepCounter, String> uncounted = new EnumMap<>(StepCounter.class);
        int done = 0;
        long steps = 0;
        KernelException ended = null;
        List<Group> groups = new ArrayList<>();
        try {
            for (int from = 0; from < asked.size() && ended == null; from += BATCH) {
                List<Script> batch = asked.subList(from, Math.min(from + BATCH, asked.size()));
                List<ScriptRun> ours = Collections.synchronizedList(new ArrayList<>());
                List<ScriptRun> theirs = Collections.synchronizedList(new ArrayList<>());
                ended = run(batch, ours, theirs).orElse(null);
                int both = Math.min(ours.size(), theirs.size());
                for (int i = 0; i < both; i++) {
                    steps += ours.get(i).results().size();
                    note(ours.get(i), uncounted);
                    note(theirs.get(i), uncounted);
                    int after = from + i + 1;
                    first(ours.get(i), theirs.get(i)).ifPresent(found -> alike.computeIfAbsent(
                                    found.difference(), difference -> new Alike(new ArrayList<>(), after))
                            .found()
                            .add(found));
                }
                done += both;
                progress.accept(done + " of " + asked.size() + " scripts, " + alike.size() + " kinds of difference");
            }
            if (ended != null) {
                throw ended;
            }
            for (Alike some : worstFirst(alike)) {
                groups.add(group(some, groups.size() < shrink));
            }
        } catch (KernelException e) {
            ended = e;
            if (done == 0) {
                throw e;
            }
            worstFirst(alike).stream().skip(groups.size()).forEach(some -> groups.add(group(some, false)));
        }
        groups.sort(Comparator.comparing(Group::harm).thenComparingInt(group -> -group.scripts()));
        return new Report(done, steps, List.copyOf(groups), excluded, uncounted, Optional.ofNullable(ended));
    }

    /** Not all are made minimal, but these are. */
    private static List<Alike> worstFirst(Map<Difference, Alike> alike) {
        return alike.values().stream().sorted(Alike.WORST).toList();
    }

    private static void note(ScriptRun run, Map<StepCounter, String> uncounted) {
        for (StepResult result : run.results()) {
            if (result.counts() != null) {
                result.counts().reasons().forEach(uncounted::putIfAbsent);
            }
        }
    }

    /** Why they could not run all: what both had run by then may be what a kernel that dies of everything died of. */
    private Optional<KernelException> run(List<Script> batch, List<ScriptRun> ours, List<ScriptRun> theirs) {
        try {
            KernelMatrix.atOnce(base, head, kernel -> {
                kernel.run(batch, (kernel.equals(base) ? ours : theirs)::add);
                return true;
            });
            return Optional.empty();
        } catch (KernelException e) {
            return Optional.of(e);
        }
    }

    private Group group(Alike alike, boolean minimal) {
        List<Found> some = alike.found();
        // A pipe or a pin that is not needed makes a script hard to read, and need not go when it is made smaller.
        Found shortest = some.stream()
                .min(Comparator.comparingInt(found -> found.script().steps().size()
                        + 2 * found.script().references().size()))
                .orElseThrow();
        // A script is shown with the counter that differs, and with no other.
        Set<StepCounter> counted = EnumSet.noneOf(StepCounter.class);
        shortest.difference().counter().ifPresent(counted::add);
        Script asked = shortest.script().asking(counted);
        if (minimal && !shortest.hung()) {
            progress.accept("shrinking " + shortest.script().file() + ": "
                    + shortest.difference().text());
            try {
                Smaller.Outcome<Found> smallest = Smaller.of(asked, (candidate, silence) -> ask(candidate, silence)
                        .filter(found -> found.difference().equals(shortest.difference())));
                return new Group(
                        shortest.difference(),
                        shortest.harm(),
                        smallest.script(),
                        smallest.shown().step(),
                        true,
                        some.size(),
                        alike.after(),
                        smallest.cut());
            } catch (IllegalArgumentException e) {
                // They agreed this time: told as it was seen.
            }
        }
        return new Group(
                shortest.difference(),
                shortest.harm(),
                asked,
                shortest.step(),
                false,
                some.size(),
                alike.after(),
                false);
    }

    private Optional<Found> ask(Script script, Duration silence) {
        return first(base.ask(script, silence), head.ask(script, silence)).filter(found -> !found.hung());
    }

    /** The first difference of two runs of a script. */
    private Optional<Found> first(ScriptRun ours, ScriptRun theirs) {
        Script script = ours.script();
        boolean hung = ours.hung() || theirs.hung();
        int compared = Math.min(ours.results().size(), theirs.results().size());
        List<Mismatch> found = Mismatch.of(
                script,
                ours.results().subList(0, compared),
                theirs.results().subList(0, compared),
                base.capabilities().machine());
        Optional<Mismatch> first = earliest(found, mismatch -> mismatch.harm() != Harm.COUNTS);
        String one = word(ours);
        String other = word(theirs);
        if (first.isEmpty() && !one.equals(other)) {
            return Optional.of(new Found(
                    script,
                    new Difference("script", "", "the kernel's own word", one, other),
                    ours.end().isPresent() || theirs.end().isPresent() ? Harm.CRASH : Harm.LOG,
                    compared,
                    hung));
        }
        return first.or(() -> earliest(found, mismatch -> true))
                .map(mismatch ->
                        new Found(script, difference(mismatch, ours, theirs), mismatch.harm(), mismatch.step(), hung));
    }

    private static Optional<Mismatch> earliest(List<Mismatch> found, Predicate<Mismatch> wanted) {
        return found.stream().filter(wanted).min(Comparator.comparingInt(Mismatch::step));
    }

    private Difference difference(Mismatch first, ScriptRun ours, ScriptRun theirs) {
        StepResult left = ours.results().get(first.step());
        StepResult right = theirs.results().get(first.step());
        EntryState before = left.before();
        String operation = left.operation().op().word();
        String place = before == null ? "" : before.toString();
        Optional<WriteKind> one = left.writeKind();
        Optional<WriteKind> other = right.writeKind();
        return one.isPresent() && other.isPresent() && !one.equals(other)
                ? new Difference(
                        operation,
                        place,
                        "decision",
                        one.get().toString(),
                        other.get().toString())
                : new Difference(
                        operation,
                        place,
                        first.field().toString(),
                        value(first, first.model(), ours, left),
                        value(first, first.kernel(), theirs, right));
    }

    /** Which values they were is the script's doing; what each of them is, by the script alone, is the kernel's. */
    private String value(Mismatch mismatch, String text, ScriptRun run, StepResult result) {
        if (mismatch.field() != Mismatch.Field.VALUE && mismatch.field() != Mismatch.Field.OLD) {
            return text;
        }
        Harm harm = new Harm.Values(
                        run.script(), run.results(), base.capabilities().machine())
                .of(mismatch.step(), mismatch.field() == Mismatch.Field.OLD ? result.old() : result.value());
        return harm == Harm.BETTER ? "right" : harm == Harm.REFERENCE ? "one that it may show" : harm.words();
    }

    /** What a kernel says of itself, without what makes two reports of one kind differ. */
    private static String word(ScriptRun run) {
        return run.end().map(end -> run.hung() ? "hang" : "crash").orElseGet(() -> run.harm().stream()
                .findFirst()
                .map(LogFinding::signature)
                .orElse("nothing"));
    }
}
