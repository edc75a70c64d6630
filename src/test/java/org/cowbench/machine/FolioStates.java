package org.cowbench.machine;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.cowbench.arena.ArenaSpec;
import org.cowbench.arena.FolioRecord;
import org.cowbench.arena.Frames;
import org.cowbench.arena.PageArena;
import org.cowbench.arena.PageTables;
import org.cowbench.arena.Pte;
import org.cowbench.policy.Policy;

/**
 * Every state that one large folio of the machine gets into by the operations of {@code src/test/tla/Owners.tla}. A
 * state is what that model keeps: the folio's own bookkeeping, read from its record, and what each process maps of it,
 * read from the page tables. What the machine has besides, such as base pages made by copies, is not looked at, so that
 * many states of the machine are one here, of which the first is continued: no rule asks which pages of a folio are
 * mapped, or what else there is. If one did, or if the model did not keep all that matters, the numbers would differ
 * from TLC's.
 */
final class FolioStates implements AutoCloseable {
    /** What TLC prints: states generated, the initial one as well; distinct states; levels; write faults that reuse. */
    record Sizes(long generated, int distinct, int levels, long reused) {}

    /** An owner slot: a process, or -1, and how often that one maps the folio. */
    private record Slot(int process, int count) {}

    /** What a process maps: by PMD or so many pages by PTEs; the exclusive ones of these. */
    private record Maps(boolean pmd, int ptes, int marked) {
        boolean any() {
            return pmd || ptes > 0;
        }
    }

    private record State(int mapcount, List<Slot> slots, boolean shared, List<Maps> maps, int references) {}

    private record Saved(State state, MemorySegment memory) {}

    private final int processes;
    private final int size;
    private final int references;
    private final boolean remap;
    private final PageArena arena;
    private final Frames frames;
    private final PageTables tables;
    private final Mm mm;
    private final Machine machine;
    private final int folio;
    private long reused;

    /**
     * Makes the machine and process 0's folio.
     *
     * @param processes most processes at once
     * @param size pages of the folio
     * @param references most references at once
     * @param huge whether a PMD entry maps it at first
     * @param remap whether a process may map more pages again
     */
    FolioStates(int processes, int size, int references, boolean huge, boolean remap) {
        this.processes = processes;
        this.size = size;
        this.references = references;
        this.remap = remap;
        arena = PageArena.allocate(ArenaSpec.roomyLarge(
                processes, size, 1, references, 1, Long.BYTES, Integer.numberOfTrailingZeros(size), huge));
        frames = arena.frames();
        tables = arena.tables();
        mm = new Mm(arena, Policy.V6_15.rule(), MachineOptions.LITMUS);
        machine = new Machine(mm);
        machine.write(0, 0, 1);
        folio = machine.frameOf(0, 0);
    }

    Sizes explore() {
        Set<State> seen = new HashSet<>();
        List<Saved> level = new ArrayList<>();
        keep(seen, level);
        long generated = 1;
        int levels = 0;
        while (!level.isEmpty()) {
            levels++;
            List<Saved> next = new ArrayList<>();
            for (Saved from : level) {
                arena.restore(from.memory, 0, arena.stateBytes());
                for (Runnable move : moves(from.state)) {
                    arena.restore(from.memory, 0, arena.stateBytes());
                    move.run();
                    machine.validate();
                    generated++;
                    keep(seen, next);
                }
            }
            level = next;
        }
        return new Sizes(generated, seen.size(), levels, reused);
    }

    private void keep(Set<State> seen, List<Saved> level) {
        State state = state();
        if (seen.add(state)) {
            MemorySegment memory = MemorySegment.ofArray(new byte[Math.toIntExact(arena.stateBytes())]);
            arena.save(memory, 0, arena.stateBytes());
            level.add(new Saved(state, memory));
        }
    }

    // ---- what there is ----

    private State state() {
        List<Maps> maps = IntStream.range(0, processes).mapToObj(this::maps).toList();
        if (!present()) {
            return new State(0, List.of(slot(0), slot(0)), false, maps, 0);
        }
        int mapcount = frames.get(folio, FolioRecord.LMAP);
        return new State(
                mapcount,
                List.of(slot(frames.get(folio, FolioRecord.OWNER0)), slot(frames.get(folio, FolioRecord.OWNER1))),
                frames.has(folio, FolioRecord.MAYBE_SHARED),
                maps,
                frames.get(folio, FolioRecord.REF) - mapcount);
    }

    /** Is it still there? What came to its frames after it is a copy, which is of one page. */
    private boolean present() {
        return frames.has(folio, FolioRecord.ALLOCATED) && frames.large(folio);
    }

    private static Slot slot(int word) {
        return new Slot(Owners.process(word), Owners.mappings(word));
    }

    private Maps maps(int process) {
        int marked = pages(process, true).size();
        return huge(process)
                ? new Maps(true, 0, marked)
                : new Maps(false, marked + pages(process, false).size(), marked);
    }

    private boolean huge(int process) {
        return Pte.isPresent(tables.pmd(process, 0));
    }

    private boolean maps(int process, int page) {
        long entry = tables.entry(process, page);
        return present() && Pte.isPresent(entry) && Pte.frame(entry) == folio + page;
    }

    /** The pages of the folio that a process maps, marked exclusive or not; a PMD entry has the first one's mark. */
    private List<Integer> pages(int process, boolean marked) {
        return IntStream.range(0, size)
                .filter(page ->
                        maps(process, page) && frames.anonExclusive(huge(process) ? folio : folio + page) == marked)
                .boxed()
                .toList();
    }

    // ---- what can be done ----

    private List<Runnable> moves(State state) {
        List<Runnable> moves = new ArrayList<>();
        List<Integer> mapping = IntStream.range(0, processes)
                .filter(p -> state.maps.get(p).any())
                .boxed()
                .toList();
        int child = IntStream.range(0, processes)
                .filter(p -> !state.maps.get(p).any())
                .findFirst()
                .orElse(-1);
        for (int process : mapping) {
            if (huge(process)) {
                moves.add(() -> split(process));
                if (child >= 0) {
                    moves.add(() -> fork(process, child));
                }
            } else {
                for (List<Integer> part : parts(process)) {
                    moves.add(() -> part.forEach(page -> machine.discard(process, page)));
                    if (child >= 0) {
                        moves.add(() -> forkPart(process, child, part));
                    }
                }
            }
            List<Integer> unmarked = pages(process, false);
            if (!unmarked.isEmpty()) {
                moves.add(() -> write(process, unmarked.getFirst()));
            }
            moves.add(() -> exit(process));
        }
        if (!mapping.isEmpty()) {
            if (state.references < references) {
                moves.add(() -> get(mapping.getFirst()));
            }
            for (int process = 0; remap && process < processes; process++) {
                addMoreMapped(moves, process, mapping.getFirst());
            }
        }
        if (state.references > 0) {
            moves.add(this::put);
        }
        return moves;
    }

    /** One part of each kind: so many marked pages and so many others. */
    private List<List<Integer>> parts(int process) {
        List<Integer> marked = pages(process, true);
        List<Integer> others = pages(process, false);
        return IntStream.rangeClosed(0, marked.size())
                .boxed()
                .flatMap(i -> IntStream.rangeClosed(0, others.size()).mapToObj(j -> Stream.concat(
                                marked.stream().limit(i), others.stream().limit(j))
                        .toList()))
                .filter(part -> !part.isEmpty())
                .toList();
    }

    /** The child may exist, without a page of the folio: then it ends first. */
    private void fork(int process, int child) {
        if (tables.alive(child)) {
            machine.exit(child);
        }
        done(machine.fork(process, child));
    }

    private void forkPart(int process, int child, List<Integer> part) {
        for (int page = 0; page < size; page++) {
            machine.dontFork(process, page, page, !part.contains(page));
        }
        fork(process, child);
        machine.dontFork(process, 0, size - 1, false);
    }

    /** The last process does not end, but unmaps all. */
    private void exit(int process) {
        if (IntStream.range(0, processes).filter(tables::alive).count() > 1) {
            machine.exit(process);
        } else {
            machine.discard(process, 0, size - 1);
        }
    }

    private void split(int process) {
        machine.protect(process, 0, false);
        machine.protect(process, 0, true);
    }

    private void write(int process, int page) {
        int outcome = machine.write(process, page, 1);
        done(outcome);
        reused += (outcome & Outcome.WP_REUSE) != 0 ? 1 : 0;
    }

    private void get(int process) {
        int page = IntStream.range(0, size)
                .filter(i -> maps(process, i))
                .findFirst()
                .orElseThrow();
        done(machine.splice(process, page, reference(false)));
    }

    private void put() {
        machine.release(reference(true));
    }

    private int reference(boolean held) {
        return IntStream.range(0, references)
                .filter(r -> arena.references().kind(r) != 0 == held)
                .findFirst()
                .orElseThrow();
    }

    /** Maps pages again, as swap-in does: those that nobody else has for himself. */
    private void addMoreMapped(List<Runnable> moves, int process, int mapping) {
        if (huge(process)) {
            return;
        }
        List<Integer> free = IntStream.range(0, size)
                .filter(page -> IntStream.range(0, processes)
                        .noneMatch(p ->
                                maps(p, page) && (p == process || pages(p, true).contains(page))))
                .boxed()
                .toList();
        for (int count = 1; count <= free.size(); count++) {
            List<Integer> pages = free.subList(0, count);
            moves.add(() -> {
                if (!tables.alive(process)) {
                    // All at once: page by page would split a PMD mapping.
                    machine.dontFork(mapping, 0, size - 1, true);
                    fork(mapping, process);
                    machine.dontFork(mapping, 0, size - 1, false);
                }
                pages.forEach(page -> map(process, page));
            });
        }
    }

    private void map(int process, int page) {
        machine.discard(process, page);
        tables.vmaBits(process, page, PageTables.VMA_ANON);
        tables.pmd(process, page, Pte.TABLE);
        tables.pte(process, page, Pte.present(folio + page, 0));
        mm.rmap.add(process, folio + page, false);
        mm.lru.get(folio, 1);
    }

    private static void done(int outcome) {
        if (Outcome.failed(outcome)) {
            throw new IllegalStateException("not done: " + outcome);
        }
    }

    @Override
    public void close() {
        arena.close();
    }
}
