package org.cowbench.litmus;

import static org.cowbench.arena.FolioRecord.SWAPCACHE;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.cowbench.arena.ArenaSpec;
import org.cowbench.arena.PageArena;
import org.cowbench.arena.PageTables;
import org.cowbench.arena.Pte;
import org.cowbench.arena.SwapSlots;
import org.cowbench.machine.Counter;
import org.cowbench.machine.Counters;
import org.cowbench.machine.Machine;
import org.cowbench.machine.MachineOptions;
import org.cowbench.policy.ReusePolicy;
import org.cowbench.policy.ReusePolicy.LargeFolios;
import org.jspecify.annotations.Nullable;

/** Runs a script on a machine of its own under one policy. */
public final class ModelRun implements AutoCloseable {
    private static final Map<FolioView.Event, Counter> EVENTS = new EnumMap<>(Map.of(
            FolioView.Event.SPLIT_PMD,
            Counter.SPLIT_PMD,
            FolioView.Event.SPLIT_PAGE,
            Counter.SPLIT_FOLIO,
            FolioView.Event.SWPOUT,
            Counter.SWPOUT_LARGE,
            FolioView.Event.SWPOUT_FALLBACK,
            Counter.SWPOUT_FALLBACK));

    /** What goes on counting; the other counters are of the state that a step leaves. */
    private static final Map<StepCounter, List<Counter>> CALLS = new EnumMap<>(Map.of(
            StepCounter.COPIES,
            List.of(Counter.WP_COPIES, Counter.ZERO_COPIES),
            StepCounter.DRAINS,
            List.of(Counter.LRU_DRAINS),
            StepCounter.TLB,
            List.of(Counter.TLB_FLUSHES)));

    /** What the probe says behind the size that a kernel does not have. */
    private static final String SINCE = " KiB: less than 2048 is of v6.8 and newer";

    private static final String NO_SWAP = StepResult.UNAVAILABLE + ": there is no swap";

    private static final String HOLDS_NOTHING =
            StepResult.UNAVAILABLE + ": a device that answers at once holds nothing";

    private final Script script;
    private final Machine machine;
    private final List<String> processes;
    private final HeldPages references;
    /** Why no step can be done, or null. */
    private final @Nullable String lacking;

    private final boolean collapses;
    private final boolean answersAtOnce;
    private int outcome;

    /**
     * Sets up a machine just large enough never to run out of anything.
     *
     * @param script the script
     * @param policy the rules
     * @param options what its memory and device are like; a script that names a swap device runs on that
     */
    public ModelRun(Script script, ReusePolicy policy, MachineOptions options) {
        this.script = script;
        processes = script.processes();
        references = new HeldPages(script);
        boolean pmd = script.pages() == 1 << ArenaSpec.PMD_ORDER;
        lacking = script.ofFolios() && !pmd && policy.largeFolios() != LargeFolios.ANY
                ? StepResult.UNAVAILABLE + ": this kernel has no folios of " + script.folio() + SINCE
                : null;
        collapses = policy.collapses();
        MachineOptions own = script.swap() == null ? options : script.swap().of(options);
        answersAtOnce = own.synchronousIo();
        machine = new Machine(
                PageArena.allocate(
                        script.ofFolios()
                                ? ArenaSpec.roomyLarge(
                                        processes.size(),
                                        script.pages(),
                                        1,
                                        references.count(),
                                        policy.lruBatch(),
                                        Long.BYTES,
                                        Integer.numberOfTrailingZeros(script.pages()),
                                        pmd)
                                : ArenaSpec.roomy(
                                        processes.size(),
                                        script.pages(),
                                        1,
                                        references.count(),
                                        policy.lruBatch(),
                                        Long.BYTES)),
                policy,
                own);
    }

    /**
     * Runs a script and collects its results.
     *
     * @param script the script
     * @param policy the rules
     * @return a result a step
     */
    public static List<StepResult> run(Script script, ReusePolicy policy) {
        return run(script, policy, MachineOptions.LITMUS);
    }

    /**
     * Runs a script on a machine of another kind and collects its results.
     *
     * @param script the script
     * @param policy the rules
     * @param options what its memory and device are like
     * @return a result a step
     */
    public static List<StepResult> run(Script script, ReusePolicy policy, MachineOptions options) {
        List<StepResult> results = new ArrayList<>();
        try (ModelRun run = new ModelRun(script, policy, options)) {
            run.run(results::add);
        }
        return results;
    }

    /**
     * The machine the script runs on.
     *
     * @return the machine
     */
    public Machine machine() {
        return machine;
    }

    /**
     * What the machine did in the last step.
     *
     * @return bits of {@link org.cowbench.machine.Outcome} for its last page; 0 of a step that has none or was refused
     */
    public int outcome() {
        return outcome;
    }

    /**
     * The number by which the machine knows a process.
     *
     * @param name the name in the script
     * @return the number
     */
    public int process(String name) {
        return processes.indexOf(name);
    }

    /**
     * Runs every step.
     *
     * @param results is told each result before the next step is done
     */
    public void run(Consumer<StepResult> results) {
        for (int step = 0; step < script.steps().size(); step++) {
            results.accept(step(step));
        }
    }

    private StepResult step(int number) {
        Step step = script.steps().get(number);
        int process = process(step.process());
        StepCounter[] asked = script.counters().toArray(StepCounter[]::new);
        long[] earlier = new long[asked.length];
        for (int i = 0; i < asked.length; i++) {
            earlier[i] = CALLS.containsKey(asked[i]) ? count(asked[i], process) : 0;
        }
        StepResult result = show(number, step);
        if (asked.length == 0 || result.error() != null) {
            return result;
        }
        Map<StepCounter, Long> counts = new EnumMap<>(StepCounter.class);
        for (int i = 0; i < asked.length; i++) {
            if (asked[i].of(step.op())) {
                counts.put(asked[i], count(asked[i], process) - earlier[i]);
            }
        }
        return result.counting(new StepCounts(counts, Map.of()));
    }

    private long count(StepCounter counter, int process) {
        List<Counter> calls = CALLS.get(counter);
        if (calls != null) {
            Counters counters = machine.task(process).counters();
            return calls.stream().mapToLong(counters::get).sum();
        }
        SwapSlots slots = machine.arena().slots();
        return IntStream.range(0, machine.arena().spec().slots())
                .filter(slot ->
                        slots.cached(slot) != PageArena.NIL || counter == StepCounter.SLOTS && slots.count(slot) > 0)
                .count();
    }

    private StepResult show(int number, Step step) {
        if (!script.ofFolios()) {
            return perform(number, step);
        }
        Map<FolioView.Event, Long> before = events();
        StepResult result = perform(number, step);
        Map<FolioView.Event, Long> events = events();
        before.forEach((event, count) -> events.merge(event, -count, Long::sum));
        return result.showing(
                result.after() == null
                        ? new FolioView(null, 0, Optional.empty(), events)
                        : view(process(step.process()), step.page(), events));
    }

    private Map<FolioView.Event, Long> events() {
        Map<FolioView.Event, Long> counts = new EnumMap<>(FolioView.Event.class);
        EVENTS.forEach((event, counter) -> counts.put(event, machine.counter(counter)));
        return counts;
    }

    private StepResult perform(int number, Step step) {
        int process = process(step.process());
        PageArena arena = machine.arena();
        outcome = 0;
        String refusal = refusal(step, process);
        if (refusal != null) {
            return new StepResult(script.file(), number, step, null, null, null, 0, 0, OptionalLong.empty(), refusal);
        }
        StepPages pages = new StepPages(step, arena.tables(), process);
        if (step.op().atOnce()) {
            step.op().performAtOnce(machine, process, step.page(), step.last(), step.value());
        } else {
            for (int page = step.page(); page <= step.last() && !pages.failed(); page++) {
                OptionalLong old =
                        step.op() == Op.WRITE ? OptionalLong.of(machine.content(process, page)) : OptionalLong.empty();
                outcome = step.op().perform(machine, process, page, target(step, page), step.value());
                pages.done(
                        page,
                        outcome,
                        old,
                        step.op().seesValue()
                                ? OptionalLong.of(machine.task(process).value())
                                : OptionalLong.empty());
            }
        }
        references.done(step, pages.failed(), machine);
        return pages.result(script.file(), number);
    }

    /** Why a step cannot be done at all, or null. */
    private @Nullable String refusal(Step step, int process) {
        if (lacking != null) {
            return lacking;
        }
        if (!machine.arena().tables().alive(process)) {
            return Refusal.GONE.toString();
        }
        String problem = references.problem(step);
        if (problem != null) {
            return problem;
        }
        if (step.op() == Op.COLLAPSE && !collapses) {
            return StepResult.UNAVAILABLE + ": needs MADV_COLLAPSE of v6.1 or newer";
        }
        if (script.swap() == SwapDevice.NONE && step.op().swaps()) {
            return NO_SWAP;
        }
        if (answersAtOnce && step.op().holdsDevice()) {
            return HOLDS_NOTHING;
        }
        Refusal refusal = step.op().refusal(machine.arena(), target(step, step.page()));
        return refusal == null ? null : refusal.toString();
    }

    /** The number of the process or the reference that a step names; -1 when it names none. */
    private int target(Step step, int page) {
        return step.op().namesProcess() ? processes.indexOf(step.target()) : references.number(step, page);
    }

    private FolioView view(int process, int page, Map<FolioView.Event, Long> events) {
        PageArena arena = machine.arena();
        PageTables tables = arena.tables();
        long entry = tables.entry(process, page);
        if (!Pte.isPresent(entry)) {
            return new FolioView(FolioView.Mapping.NONE, 0, Optional.empty(), events);
        }
        int frame = Pte.frame(entry);
        int folio = arena.frames().folioOf(frame);
        int count = arena.frames().pages(folio);
        return new FolioView(
                count == 1
                        ? FolioView.Mapping.BASE
                        : Pte.isPresent(tables.pmd(process, page))
                                ? FolioView.Mapping.PMD
                                : isWhole(process, page - (frame - folio), folio, count)
                                        ? FolioView.Mapping.WHOLE
                                        : FolioView.Mapping.PART,
                Integer.numberOfTrailingZeros(count),
                Optional.of(arena.frames().has(folio, SWAPCACHE)),
                events);
    }

    private boolean isWhole(int process, int first, int folio, int count) {
        if (first < 0 || first + count > script.pages()) {
            return false;
        }
        for (int i = 0; i < count; i++) {
            if (!Pte.maps(machine.arena().tables().entry(process, first + i), folio + i)) {
                return false;
            }
        }
        return true;
    }

    @Override
    public void close() {
        machine.arena().close();
    }
}
