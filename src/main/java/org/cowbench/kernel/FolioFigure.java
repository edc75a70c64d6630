package org.cowbench.kernel;

import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Collectors;
import org.cowbench.result.FolioKind;
import org.cowbench.result.KnownBenchmark;
import org.cowbench.result.Situation;

/** What {@code kernel bench} reports of large folios, each a benchmark of the result, in units of a folio. */
public enum FolioFigure {
    /** Writes of all pages after a fork and the child's exit. */
    WRITE_AFTER_EXIT(KnownBenchmark.GUEST_FOLIO_AFTER_EXIT, Situation.PRIVATE, FolioFigure.WRITE, true),
    /** The same of folios that were swapped out before, and are in the swap cache. */
    WRITE_SWAP_IN(KnownBenchmark.GUEST_FOLIO_SWAP_IN, Situation.SHARER_GONE, FolioFigure.WRITE, false),
    /** Writes of the half that is left. */
    WRITE_HALF(KnownBenchmark.GUEST_FOLIO_HALF, Situation.HALF_LEFT, FolioFigure.WRITE, false),
    /** The write of the page that is left. */
    WRITE_LAST(KnownBenchmark.GUEST_FOLIO_LAST, Situation.ONE_LEFT, FolioFigure.WRITE, false),
    /** A fork; what one of an empty area costs is taken off. */
    FORK(KnownBenchmark.GUEST_FOLIO_FORK, Situation.FORK_SHARED, "fork", true),
    /** The end of the child, likewise. */
    EXIT(KnownBenchmark.GUEST_FOLIO_EXIT, Situation.FORK_SHARED, "exit", true);

    private static final String WRITE = "write";
    private static final String EMPTY = "-empty";

    private final KnownBenchmark benchmark;
    private final Situation situation;
    private final String access;
    private final boolean split;

    FolioFigure(KnownBenchmark benchmark, Situation situation, String access, boolean split) {
        this.benchmark = benchmark;
        this.situation = situation;
        this.access = access;
        this.split = split;
    }

    /**
     * Which folios it is a figure of. Where its situation takes PMD entries apart, there is no sense in doing so first.
     *
     * @return the kinds, in order
     */
    public Set<FolioKind> kinds() {
        return Arrays.stream(FolioKind.values())
                .filter(kind -> split || !kind.split())
                .collect(Collectors.toCollection(() -> EnumSet.noneOf(FolioKind.class)));
    }

    /**
     * The situations that are measured of a kind, each once in a boot, in their order. {@link Situation#FORK_SHARED} is
     * not written: there fork and exit are timed.
     *
     * @param kind the folios
     * @return the situations
     */
    public static Set<Situation> situations(FolioKind kind) {
        return Collections.unmodifiableSet(Arrays.stream(values())
                .filter(figure -> figure.kinds().contains(kind))
                .map(FolioFigure::situation)
                .collect(Collectors.toCollection(() -> EnumSet.noneOf(Situation.class))));
    }

    /**
     * What messages call a measurement.
     *
     * @param situation one of {@link #situations}
     * @return the benchmark's name without its class
     */
    public static String name(Situation situation) {
        return Arrays.stream(values())
                .filter(figure -> figure.situation == situation)
                .findFirst()
                .orElseThrow()
                .benchmark
                .method();
    }

    /**
     * The benchmark in results.
     *
     * @return the benchmark
     */
    public KnownBenchmark benchmark() {
        return benchmark;
    }

    /**
     * What was done to the folios first.
     *
     * @return the situation
     */
    public Situation situation() {
        return situation;
    }

    /**
     * Whether pages are accessed, so that there are faults and frames to count.
     *
     * @return false of fork and exit
     */
    public boolean accesses() {
        return access.equals(WRITE);
    }

    /**
     * The pass of a measurement.
     *
     * @param bench a measurement in this figure's situation
     * @return its pass
     */
    public GuestBench.Pass of(GuestBench bench) {
        return bench.pass(access);
    }

    /**
     * How many folios were measured.
     *
     * @param kind the folios
     * @param pages pages that were asked for
     * @return their number, at least one
     */
    static int folios(FolioKind kind, int pages) {
        return Math.max(1, pages / kind.pages());
    }

    /**
     * What a folio cost.
     *
     * @param bench a measurement in this figure's situation
     * @param kind the folios
     * @param pages pages that were asked for
     * @return instructions without the floor: of each folio, of its fork in each round
     */
    double[] values(GuestBench bench, FolioKind kind, int pages) {
        long[] ticks = of(bench).ticks();
        int folios = folios(kind, pages);
        if (!accesses()) {
            double empty = bench.pass(access + EMPTY).median();
            return Arrays.stream(ticks)
                    .mapToDouble(each -> Math.max(0, (each - empty) / folios))
                    .toArray();
        }
        int left = ticks.length / folios;
        double[] values = new double[folios];
        for (int i = 0; i < ticks.length; i++) {
            values[i / left] += Math.max(0, ticks[i] - bench.floor());
        }
        return values;
    }
}
