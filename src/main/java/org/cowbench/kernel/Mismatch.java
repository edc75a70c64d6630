package org.cowbench.kernel;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.cowbench.litmus.FolioView;
import org.cowbench.litmus.ModelRun;
import org.cowbench.litmus.Op;
import org.cowbench.litmus.Script;
import org.cowbench.litmus.StepCounts;
import org.cowbench.litmus.StepResult;
import org.cowbench.machine.MachineOptions;
import org.cowbench.policy.ReusePolicy;
import org.jspecify.annotations.Nullable;

/**
 * A field in which model and kernel differ.
 *
 * @param harm what it is
 * @param step the step's number; for a crash that of the step that was not done, for what the kernel's log says that of
 *     the last one that was, -1 for what came before the first and the number of steps for what came after the last
 * @param field what differs
 * @param model what the model says
 * @param kernel what the kernel did
 */
public record Mismatch(Harm harm, int step, Field field, String model, String kernel) {
    /** What can differ; its word is the name in lower case. */
    public enum Field {
        /** What a read or a peek saw. */
        VALUE,
        /** What a write was made on. */
        OLD,
        /** The first word that was not the page's. */
        TORN,
        /** The entry before the step. */
        BEFORE,
        /** The entry after it. */
        AFTER,
        /** What became of the frame. */
        FRAME,
        /** Minor faults. */
        MINOR,
        /** Major faults. */
        MAJOR,
        /** How the folio is mapped. */
        FOLIO,
        /** The folio's order. */
        ORDER,
        /** Whether the folio is in the swap cache. */
        CACHED,
        /** Splits of PMD entries. */
        SPLIT_PMD,
        /** Splits of folios. */
        SPLIT_PAGE,
        /** Folios that went to swap whole. */
        SWPOUT,
        /** Folios that were split on their way to swap. */
        SWPOUT_FALLBACK,
        /** Copies. */
        COPIES,
        /** Drains of LRU batches. */
        DRAINS,
        /** Flushes of translations. */
        TLB,
        /** Pages in the swap cache. */
        SWAPCACHE,
        /** Swap slots in use. */
        SLOTS,
        /** Why the step could not be done. */
        ERROR,
        /** A page that was not freed. */
        PAGE,
        /** What the kernel's log says. */
        LOG,
        /** What ended the kernel. */
        KERNEL;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private static final Comparator<Mismatch> WORST =
            Comparator.comparing(Mismatch::harm).thenComparingInt(Mismatch::step);

    /**
     * Compares what a kernel did with what a policy does.
     *
     * @param run what the kernel did
     * @param policy the policy
     * @param machine the model's machine that is like the kernel's
     * @return every difference, in the order of the steps
     */
    static List<Mismatch> of(ScriptRun run, ReusePolicy policy, MachineOptions machine) {
        List<StepResult> model = ModelRun.run(run.script(), policy, machine);
        List<Mismatch> found = new ArrayList<>(of(
                run.script(),
                run.end().isPresent() ? model.subList(0, run.results().size()) : model,
                run.results(),
                machine));
        run.harm()
                .forEach(finding -> found.add(new Mismatch(
                        finding.unfreed() ? Harm.UNFREED : Harm.LOG,
                        finding.when() == LogFinding.When.END
                                ? run.script().steps().size()
                                : finding.step(),
                        finding.unfreed() ? Field.PAGE : Field.LOG,
                        "-",
                        finding.line())));
        found.sort(Comparator.comparingInt(Mismatch::step));
        run.end()
                .ifPresent(end -> found.add(new Mismatch(
                        Harm.CRASH, run.results().size(), Field.KERNEL, "-", String.valueOf(end.getMessage()))));
        return found;
    }

    /**
     * Compares results.
     *
     * @param script the script
     * @param model the model's, one a step
     * @param kernel the kernel's, one a step
     * @param machine the model's machine
     * @return every field that differs
     */
    static List<Mismatch> of(Script script, List<StepResult> model, List<StepResult> kernel, MachineOptions machine) {
        List<Mismatch> found = new ArrayList<>();
        Harm.Values values = new Harm.Values(script, kernel, machine);
        for (int step = 0; step < Math.max(model.size(), kernel.size()); step++) {
            if (step >= model.size() || step >= kernel.size()) {
                found.add(new Mismatch(
                        Harm.BROKEN,
                        step,
                        Field.ERROR,
                        step < model.size() ? "done" : "missing",
                        step < kernel.size() ? "done" : "missing"));
                continue;
            }
            StepResult left = model.get(step);
            StepResult right = kernel.get(step);
            Op op = left.operation().op();
            boolean access = op == Op.READ || op == Op.WRITE;
            differ(
                    found,
                    Harm.ofError(right, access && left.error() == null),
                    step,
                    Field.ERROR,
                    left.error(),
                    right.error());
            differ(
                    found,
                    left.value().equals(right.value()) ? null : values.of(step, right.value()),
                    step,
                    Field.VALUE,
                    left.value(),
                    right.value());
            differ(
                    found,
                    left.old().equals(right.old()) ? null : values.of(step, right.old()),
                    step,
                    Field.OLD,
                    left.old(),
                    right.old());
            differ(found, Harm.TORN, step, Field.TORN, left.torn(), right.torn());
            differ(found, Harm.ENTRY, step, Field.BEFORE, left.before(), right.before());
            differ(found, Harm.ENTRY, step, Field.AFTER, left.after(), right.after());
            differ(found, Harm.FRAME, step, Field.FRAME, left.frame(), right.frame());
            if (access) {
                differ(found, Harm.FAULTS, step, Field.MINOR, left.minor(), right.minor());
                differ(found, Harm.FAULTS, step, Field.MAJOR, left.major(), right.major());
            }
            if (left.folio() != null && right.folio() != null) {
                differ(found, step, left.folio(), right.folio());
            }
            if (left.counts() != null && right.counts() != null) {
                differ(found, step, left.counts(), right.counts());
            }
        }
        return found;
    }

    private static void differ(List<Mismatch> found, int step, FolioView model, FolioView kernel) {
        differ(found, Harm.FOLIO, step, Field.FOLIO, model.mapping(), kernel.mapping());
        differ(found, Harm.FOLIO, step, Field.ORDER, model.order(), kernel.order());
        differ(
                found,
                Harm.FOLIO,
                step,
                Field.CACHED,
                model.cached().orElse(null),
                kernel.cached().orElse(null));
        // What the kernel does not count it does not have.
        kernel.events()
                .forEach((event, count) -> differ(
                        found,
                        Harm.FOLIO,
                        step,
                        Field.valueOf(event.name()),
                        model.events().get(event),
                        count));
    }

    /** What the kernel cannot count it does not have; where two kernels are compared, neither may the other. */
    private static void differ(List<Mismatch> found, int step, StepCounts model, StepCounts kernel) {
        kernel.values().forEach((counter, count) -> {
            if (!model.lacking().containsKey(counter)) {
                differ(found, Harm.COUNTS, step, Field.valueOf(counter.name()), model.get(counter), count);
            }
        });
    }

    private static void differ(
            List<Mismatch> found,
            @Nullable Harm harm,
            int step,
            Field field,
            @Nullable Object model,
            @Nullable Object kernel) {
        if (!Objects.equals(model, kernel)) {
            found.add(new Mismatch(Objects.requireNonNull(harm), step, field, text(model), text(kernel)));
        }
    }

    private static String text(@Nullable Object value) {
        return switch (value) {
            case null -> "-";
            case OptionalLong seen when seen.isPresent() -> Long.toUnsignedString(seen.getAsLong());
            case OptionalLong unseen -> "-";
            case OptionalInt word -> word.isPresent() ? String.valueOf(word.getAsInt()) : "-";
            default -> value.toString();
        };
    }

    /**
     * The worst of some.
     *
     * @param mismatches mismatches of one script
     * @return the first of the worst kind; empty when there is none
     */
    static Optional<Mismatch> worst(List<Mismatch> mismatches) {
        return mismatches.stream().min(WORST);
    }

    /**
     * Whether another mismatch is of the same kind: the same harm, and for what the kernel says of itself the same words.
     *
     * @param other the other
     * @return whether it is
     */
    boolean alike(Mismatch other) {
        return harm == other.harm && (!said() || signature().equals(other.signature()));
    }

    /**
     * Whether it is the kernel's own word, by its log or its end.
     *
     * @return whether it is
     */
    boolean said() {
        return harm == Harm.LOG || harm == Harm.CRASH;
    }

    /** What kernels say when they end holds the script and the step, which a shorter script has not. */
    String signature() {
        int place = kernel.indexOf("; ");
        return LogFinding.signature(harm == Harm.CRASH && place >= 0 ? kernel.substring(0, place) : kernel);
    }
}
