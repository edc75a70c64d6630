package org.cowbench.machine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.cowbench.arena.ArenaSpec;
import org.cowbench.arena.PageArena;
import org.cowbench.arena.PageTables;
import org.cowbench.policy.Policy;
import org.cowbench.policy.Property;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Operations at random on large folios, against what every process's memory must be: nobody sees what another has
 * written, and nothing that was written is lost. The bookkeeping is proved after every operation.
 */
class LargeRandomTest {
    private static final int PROCESSES = 4;
    private static final int REFERENCES = 4;
    private static final int STEPS = 4_000;
    private static final int SEEDS = 4;
    /** What a process that was kept from its parent's memory reads. */
    private static final long NOTHING = -1;

    /** A machine's folios, device and memory. */
    private record Shape(int order, boolean pmd, int pages, MachineOptions options, boolean roomy) {}

    private static final MachineOptions ROTATING =
            new MachineOptions(MachineOptions.AT_ONCE, false, false, 1, false, true, false, true);
    private static final List<Shape> SHAPES = List.of(
            new Shape(2, true, 4, MachineOptions.LITMUS, true),
            new Shape(2, false, 4, MachineOptions.LITMUS, true),
            new Shape(2, true, 8, ROTATING, true),
            new Shape(2, false, 8, new MachineOptions(MachineOptions.EXPLICIT, false, false, 8, false, true), true),
            new Shape(2, true, 8, new MachineOptions(5, false, true, 1, false, true), true),
            new Shape(3, false, 16, new MachineOptions(MachineOptions.AT_ONCE, true, false, 8, false, true), true),
            new Shape(2, true, 64, new MachineOptions(7, false, false, 4, true, true), false),
            new Shape(2, false, 64, new MachineOptions(7, true, false, 1, true, true), false));

    static Stream<Policy> safe() {
        Set<Policy> unsafe = EnumSet.noneOf(Policy.class);
        for (Policy policy : Policy.shipped()) {
            if (policy.violates().contains(Property.ISOLATION)) {
                unsafe.add(policy);
            }
        }
        return Policy.shipped().stream().filter(policy -> !unsafe.contains(policy));
    }

    private final List<String> done = new ArrayList<>();
    private final Set<Counter> reached = EnumSet.noneOf(Counter.class);
    private Machine machine;
    private PageTables tables;
    private long[][] memory;
    private int pages;
    private long word;
    private SplittableRandom random;

    @Tag("slow")
    @ParameterizedTest
    @MethodSource("safe")
    void nobodySeesWhatIsNotHis(Policy policy) {
        for (Shape shape : SHAPES) {
            for (int seed = 0; seed < SEEDS; seed++) {
                run(policy, shape, seed);
            }
        }
        // That none of it was left out by chance.
        assertThat(reached)
                .containsAll(EnumSet.of(
                        Counter.SPLIT_PMD,
                        Counter.SPLIT_FOLIO,
                        Counter.SWPOUT_LARGE,
                        Counter.SWPOUT_FALLBACK,
                        Counter.BYTES_HELD,
                        Counter.WP_COPIES,
                        Counter.SWAP_CACHE_HITS));
        if (policy != Policy.ALWAYS_COPY) {
            assertThat(reached).contains(Counter.WP_REUSES);
        }
    }

    private void run(Policy policy, Shape shape, int seed) {
        pages = shape.pages;
        int batch = policy.rule().lruBatch();
        ArenaSpec spec = shape.roomy
                ? ArenaSpec.roomyLarge(PROCESSES, pages, 2, REFERENCES, batch, Long.BYTES, shape.order, shape.pmd)
                : new ArenaSpec(
                        pages * 2 + 100,
                        pages * 8,
                        PROCESSES,
                        pages,
                        2,
                        REFERENCES,
                        batch,
                        Long.BYTES,
                        shape.order,
                        shape.pmd);
        random = new SplittableRandom(seed * 31L + shape.hashCode());
        memory = new long[PROCESSES][pages];
        word = 0;
        done.clear();
        try (PageArena arena = PageArena.allocate(spec)) {
            machine = new Machine(arena, policy.rule(), shape.options);
            tables = arena.tables();
            for (int i = 0; i < STEPS; i++) {
                int process = random.nextInt(PROCESSES);
                if (tables.alive(process)) {
                    try {
                        step(process);
                        machine.validate();
                    } catch (RuntimeException | AssertionError e) {
                        throw new AssertionError(
                                policy.id() + " " + shape + " seed " + seed + ": "
                                        + String.join("; ", done.subList(Math.max(0, done.size() - 60), done.size())),
                                e);
                    }
                }
            }
            for (Counter counter : Counter.values()) {
                if (machine.counter(counter) > 0) {
                    reached.add(counter);
                }
            }
        }
    }

    private void say(String what, int process, Object... more) {
        done.add("ABCD".charAt(process) + " " + what + (more.length == 0 ? "" : " " + Arrays.toString(more)));
    }

    private void step(int process) {
        int page = random.nextInt(pages);
        int first = random.nextInt(4) == 0 ? 0 : random.nextInt(pages);
        int last = random.nextInt(4) == 0 ? pages - 1 : first + random.nextInt(pages - first);
        switch (random.nextInt(24)) {
            case 0, 1, 2, 3 -> write(process, page);
            case 4 -> {
                for (int each = first; each <= last; each++) {
                    write(process, each);
                }
            }
            case 5, 6, 7 -> read(process, page);
            case 8, 9 -> fork(process);
            case 10 -> exit(process);
            case 11, 12, 13 -> {
                say("pageout", process, first, last);
                machine.pageout(process, first, last);
            }
            case 14 -> {
                say("discard", process, first, last);
                machine.discard(process, first, last);
                for (int each = first; each <= last; each++) {
                    memory[process][each] = memory[process][each] == NOTHING ? NOTHING : 0;
                }
            }
            case 15 -> {
                boolean writable = random.nextInt(3) != 0;
                say("protect", process, first, last, writable);
                machine.protect(process, first, last, writable);
            }
            case 16 -> {
                say("split", process);
                machine.protect(process, page, false);
                machine.validate();
                machine.protect(process, page, true);
            }
            case 17 -> {
                boolean kept = random.nextBoolean();
                say("keep", process, first, last, kept);
                machine.dontFork(process, first, last, kept);
            }
            case 18 -> {
                say("collapse", process, page);
                machine.collapse(process, page);
            }
            case 19, 20 -> reference(process, page);
            case 21 -> {
                say("reclaim", process, page);
                machine.reclaim(process, page);
            }
            case 22 -> {
                say("drain", process);
                machine.drain(process);
            }
            default -> {
                if (random.nextInt(4) == 0) {
                    say("move", process, first, last);
                    machine.move(process, first, last);
                } else {
                    say("cpu", process);
                    machine.task(process).runOn(random.nextInt(2));
                }
            }
        }
    }

    private void write(int process, int page) {
        word++;
        say("write", process, page, word);
        int outcome = machine.write(process, page, word);
        if (!Outcome.failed(outcome)) {
            memory[process][page] = word;
        } else {
            refused(process, page, outcome);
        }
    }

    private void refused(int process, int page, int outcome) {
        if (outcome == Outcome.SEGV) {
            assertThat(memory[process][page] == NOTHING || tables.readOnly(process, page))
                    .isTrue();
        } else {
            assertThat(outcome & (Outcome.NO_MEMORY | Outcome.INVALID))
                    .as("refused")
                    .isZero();
        }
    }

    private void read(int process, int page) {
        say("read", process, page);
        int outcome = machine.read(process, page);
        if (Outcome.failed(outcome)) {
            refused(process, page, outcome);
        } else {
            assertThat(machine.task(process).value()).isEqualTo(memory[process][page]);
        }
    }

    private void fork(int process) {
        for (int child = 0; child < PROCESSES; child++) {
            if (!tables.alive(child)) {
                say("fork", process, child);
                assertThat(machine.fork(process, child)).isZero();
                for (int page = 0; page < pages; page++) {
                    boolean kept = (tables.vmaBits(child, page) & PageTables.VMA_ABSENT) != 0;
                    memory[child][page] = kept ? NOTHING : memory[process][page];
                }
                return;
            }
        }
    }

    private void exit(int process) {
        int living = 0;
        for (int other = 0; other < PROCESSES; other++) {
            living += tables.alive(other) ? 1 : 0;
        }
        if (living > 1) {
            say("exit", process);
            machine.exit(process);
            Arrays.fill(memory[process], 0);
        }
    }

    private void reference(int process, int page) {
        int reference = random.nextInt(REFERENCES);
        if (machine.arena().references().kind(reference) != 0) {
            say("release", process, reference);
            machine.release(reference);
            return;
        }
        say("take", process, page, reference);
        switch (random.nextInt(3)) {
            case 0 -> machine.splice(process, page, reference);
            case 1 -> machine.pin(process, page, reference);
            default -> machine.pinReadOnly(process, page, reference);
        }
    }
}
