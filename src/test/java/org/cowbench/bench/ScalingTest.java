package org.cowbench.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.cowbench.arena.ArenaSpec;
import org.cowbench.arena.PageArena;
import org.cowbench.machine.Counter;
import org.cowbench.machine.Machine;
import org.cowbench.result.KnownMetric;
import org.cowbench.result.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.openjdk.jmh.annotations.Param;

/** The machine scales in memory and in work: the time that it takes is measured, what it does is held here. */
class ScalingTest {
    private static final int FRAMES = 4096;
    private static final List<Supplier<Scaling.Memory>> KINDS = List.of(Scaling.Resident::new, Scaling.Pressed::new);

    private static Scaling.Memory memory(Supplier<Scaling.Memory> kind, int frames, int processes) {
        Scaling.Memory memory = kind.get();
        memory.frames = frames;
        memory.processes = processes;
        return memory;
    }

    private static int[] values(String param) throws NoSuchFieldException {
        return Arrays.stream(Scaling.Memory.class
                        .getField(param)
                        .getAnnotation(Param.class)
                        .value())
                .mapToInt(Integer::parseInt)
                .toArray();
    }

    static Stream<Arguments> shapes() throws NoSuchFieldException {
        int[] processes = values(Tag.PROCESSES_PARAM);
        return Arrays.stream(values(Tag.FRAMES_PARAM)).boxed().flatMap(frames -> Arrays.stream(processes)
                .mapToObj(count -> Arguments.of(frames, count)));
    }

    @Test
    void sizesAreThoseThatWereAskedFor() throws NoSuchFieldException {
        assertThat(values(Tag.FRAMES_PARAM)).startsWith(4096).endsWith(1 << 20);
        assertThat(values(Tag.PROCESSES_PARAM)).startsWith(1).endsWith(64);
    }

    /** Nothing is touched yet, so 4.4 GiB cost nothing here. */
    @ParameterizedTest
    @MethodSource("shapes")
    void theArenaTakesATenthMoreThanTheFrames(int frames, int processes) {
        for (Supplier<Scaling.Memory> kind : KINDS) {
            ArenaSpec spec = memory(kind, frames, processes).spec();
            assertThat(spec.frames()).isEqualTo(frames);
            assertThat(spec.frameBytes()).isEqualTo(4096);
            try (PageArena arena = PageArena.map(spec, true)) {
                assertThat(arena.stateBytes())
                        .isGreaterThan(frames * 4096L)
                        .isLessThanOrEqualTo(frames * 4096L / 100 * Scaling.MOST_PERCENT);
            }
        }
    }

    /** Pages of all processes, each exactly once, and a pass is a whole number of invocations. */
    @Test
    void aPassIsEveryPage() throws NoSuchFieldException {
        for (int processes : values(Tag.PROCESSES_PARAM)) {
            Scaling.Memory memory = memory(Scaling.Resident::new, FRAMES, processes);
            memory.build();
            try {
                assertThat(memory.order).doesNotHaveDuplicates().hasSize(FRAMES / 16 * 15);
                assertThat(memory.order.length % Scaling.WINDOW).isZero();
                assertThat(Arrays.stream(memory.order)
                                .map(Scaling.Memory::process)
                                .distinct()
                                .toArray())
                        .hasSize(processes);
            } finally {
                memory.close();
            }
        }
    }

    private static long faults(Machine machine) {
        return machine.counter(Counter.MINOR_FAULTS) + machine.counter(Counter.MAJOR_FAULTS);
    }

    @Test
    void presentPagesAreReusedAndNothingElseHappens() {
        for (int processes : new int[] {1, 64}) {
            Scaling.Resident memory = new Scaling.Resident();
            memory.frames = FRAMES;
            memory.processes = processes;
            memory.build();
            try {
                memory.machine.validate();
                memory.machine.clearCounters();
                int invocations = 2 * memory.order.length / Scaling.WINDOW;
                for (int i = 0; i < invocations; i++) {
                    memory.rewind();
                    memory.run();
                }
                memory.machine.validate();
                long operations = (long) invocations * Scaling.WINDOW;
                assertThat(memory.machine.counter(Counter.WP_REUSES)).isEqualTo(operations);
                assertThat(faults(memory.machine)).isEqualTo(operations);
                assertThat(memory.machine.counter(Counter.FRAMES_ALLOCATED)).isZero();
            } finally {
                memory.close();
            }
        }
    }

    /** From the first invocation on: every fault reads one page, and makes room for it by writing one. */
    @Test
    void everyFaultReadsAPageAndWritesOneFromTheFirstPassOn() {
        for (int processes : new int[] {1, 64}) {
            Scaling.Pressed memory = new Scaling.Pressed();
            memory.frames = FRAMES;
            memory.processes = processes;
            memory.build();
            try {
                memory.machine.validate();
                for (int part = 0; part < 8; part++) {
                    memory.machine.clearCounters();
                    int begin = memory.next;
                    int invocations = 4;
                    for (int i = 0; i < invocations; i++) {
                        memory.run();
                    }
                    memory.machine.validate();
                    long operations = (long) invocations * Scaling.WINDOW;
                    assertThat(memory.machine.counter(Counter.MAJOR_FAULTS)).isEqualTo(operations);
                    assertThat(memory.machine.counter(Counter.MINOR_FAULTS)).isZero();
                    assertThat(memory.machine.counter(Counter.SWAP_READS)).isEqualTo(operations);
                    assertThat((double) memory.machine.counter(Counter.SWAP_WRITES))
                            .isBetween(0.95 * operations, 1.05 * operations);
                    int passed = Math.floorMod(memory.next - begin, memory.order.length);
                    assertThat(passed).as("pages that were not out").isBetween((int) operations, (int)
                            (1.1 * operations));
                }
            } finally {
                memory.close();
            }
        }
    }

    @Test
    void metricsSayHowMuchMemoryItIs() {
        ForkProbe.reset();
        Scaling.Pressed memory = new Scaling.Pressed();
        memory.frames = FRAMES;
        memory.processes = 4;
        memory.build();
        try {
            assertThat(ForkProbe.sources()
                            .get(KnownMetric.MACHINE_MEMORY)
                            .value()
                            .getAsDouble())
                    .isEqualTo(memory.arena.stateBytes());
            assertThat(ForkProbe.sources().get(KnownMetric.WORKING_SET).value().getAsDouble())
                    .isBetween(0.9 * FRAMES * 4096, (double) memory.arena.stateBytes());
        } finally {
            memory.close();
            ForkProbe.reset();
        }
    }

    @Test
    void tooLittleMemoryIsOneLine() {
        Scaling.demand(1 << 30, 1 << 30);
        assertThatThrownBy(() -> Scaling.demand(9L << 29, 3L << 30))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("the machine takes 4.5 GiB, and 3.0 GiB of memory are free: measure fewer frames with"
                        + " --bench");
    }

    @Test
    void theSuiteIsAllOfItAndNothingElse() {
        List<Cell> cells = Suite.SCALING.select(Catalog.cells());
        assertThat(cells).hasSize(2 * 5 * 4).allMatch(cell -> cell.name().startsWith("Scaling."));
        assertThat(cells).noneMatch(Cell::takesTurns);
        for (Suite other : List.of(Suite.QUICK, Suite.FULL, Suite.FOLIOS)) {
            assertThat(other.select(cells)).isEmpty();
        }
        assertThat(cells.getFirst().tag()).isEqualTo("Scaling.reuse;frames=4096;processes=1");
    }
}
