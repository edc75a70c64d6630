package org.cowbench.bench;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.cowbench.policy.Policy;
import org.cowbench.result.FolioKind;
import org.cowbench.result.KnownBenchmark;
import org.cowbench.result.Situation;
import org.cowbench.result.Tag;
import org.cowbench.workload.Streams;

/** Named selections of benchmarks. */
public enum Suite {
    /** A stated subset within a few minutes. */
    QUICK(
            "quick",
            3 * 60,
            Suite.LEAST_FORKS,
            "WriteAfterRead.l2 in the situations SWAPCACHE and HIDDEN_SHARER, Churn.run over the recorded"
                    + " redis stream without the bounds, and the primitives whose sum a fault is held against",
            Suite::inQuick),
    /**
     * Everything of base pages; but not the oracle on the large pinned set, because the oracle looks through all
     * references of the machine at each fault, and with a pin on every page that search would be all that is measured.
     */
    FULL(
            "full",
            60 * 60,
            Suite.DECIDING_FORKS,
            "every benchmark of base pages with every parameter; but not"
                    + " WriteAfterRead.dram PINNED under oracle, which would measure the oracle's own search",
            cell -> !ofFolios(cell) && !ofSizes(cell) && !oracleSearches(cell)),

    /** What large folios cost; not in {@link #FULL}, whose time all of base pages shall have. */
    FOLIOS(
            "folios",
            40 * 60,
            Suite.LEAST_FORKS,
            "Folios and LargeChurn with every parameter: writes, fork(2) and exit of"
                    + " large folios, and memory churn with them",
            Suite::ofFolios),

    /** Whether the model itself scales, which is no question of a rule; not in {@link #FULL} for its memory and time. */
    SCALING(
            "scaling",
            6 * 60,
            Suite.LEAST_FORKS,
            "Scaling with every parameter: a write fault from 4 Ki to 1 Mi frames and 1 to 64 processes; takes 4.4 GiB",
            Suite::ofSizes),

    /** Published results beside the model's counts: no benchmark, so no cell; package {@code published} does it. */
    PUBLISHED(
            "published",
            10,
            0,
            "published results beside what the same does in the model, by exact counts, and rates that are modelled",
            cell -> false);

    /** Fewest forks of what is compared that an interval, and so a claim, can rest on. */
    public static final int LEAST_FORKS = 3;

    /**
     * Fewest forks of everything before those rows get more that are not decided. A comparison of all policies has about
     * 20 rows for each of 13 policies, so the paired t test of a row has to reach 4e-5: with 6 forks that takes a
     * difference of 5.5 times the scatter of the ratio, which rows in the L2 cache have; where working sets are larger
     * than the caches a ratio scatters by 3 to 4 %, and 5 % take 16 to 20 forks. Redrawn from the blocks of two full runs,
     * an hour leaves 5 of 194 rows beyond 5 % undecided with 5 or 6 forks of everything, and 7 to 9 with 8.
     */
    static final int DECIDING_FORKS = 6;

    private static final Set<Situation> QUICK_SITUATIONS = EnumSet.of(Situation.SWAPCACHE, Situation.HIDDEN_SHARER);

    /** What the fault paths in L2 are made of, as the report sums them up; a test holds the two together. */
    private static final Set<String> FLOORS = Stream.of(
                    "allocFree",
                    "clock",
                    "copyWarm",
                    "countEvent",
                    "empty",
                    "freeSwapWarm",
                    "lockUnlock",
                    "lruBatch",
                    "mapUnmap",
                    "pteLookup",
                    "pteUpdate",
                    "refGetPut",
                    "storeWarm")
            .map(name -> "Primitives." + name)
            .collect(Collectors.toSet());

    /** How long the quick suite takes, as every text says it. */
    public static final String QUICK_TIME = "3 minutes";

    /** How long the full suite takes, as every text says it. */
    public static final String FULL_TIME = "60 minutes";

    /** How long the suite of folios takes, as every text says it. */
    public static final String FOLIOS_TIME = "40 minutes";

    /** How long the suite of sizes takes, as every text says it. */
    public static final String SCALING_TIME = "6 minutes";

    /** What a fork takes beside warming up and measuring, in seconds; measured where policies had forks of their own. */
    static final double FORK_SECONDS = 1.34;

    private final String id;
    private final double seconds;
    private final int leastForks;
    private final String description;
    private final Predicate<Cell> selection;

    Suite(String id, double seconds, int leastForks, String description, Predicate<Cell> selection) {
        this.id = id;
        this.seconds = seconds;
        this.leastForks = leastForks;
        this.description = description;
        this.selection = selection;
    }

    private static boolean oracleSearches(Cell cell) {
        return cell.name().equals(KnownBenchmark.WRITE_AFTER_READ_DRAM.id())
                && Policy.ORACLE.name().equals(cell.params().get(Policy.PARAM))
                && Situation.PINNED.name().equals(cell.params().get(Situation.PARAM));
    }

    private static boolean ofFolios(Cell cell) {
        return cell.params().containsKey(FolioKind.PARAM);
    }

    private static boolean ofSizes(Cell cell) {
        return cell.params().containsKey(Tag.FRAMES_PARAM);
    }

    private static boolean inQuick(Cell cell) {
        if (cell.name().equals(KnownBenchmark.WRITE_AFTER_READ_L2.id())) {
            return Situation.of(cell.params().get(Situation.PARAM))
                    .filter(QUICK_SITUATIONS::contains)
                    .isPresent();
        }
        if (!cell.name().equals(KnownBenchmark.CHURN.id())) {
            return FLOORS.contains(cell.name());
        }
        // Most of a fork's time is compiling, once a policy: without the bounds three forks fit on a slow machine too.
        return Streams.REDIS.name().equals(cell.params().get(Tag.STREAM_PARAM))
                && Policy.shipped().stream()
                        .filter(policy -> policy.name().equals(cell.params().get(Policy.PARAM)))
                        .noneMatch(Policy::isBound);
    }

    /**
     * Returns the name by which commands select the suite.
     *
     * @return {@code quick}, {@code full}, {@code folios}, {@code scaling} or {@code published}
     */
    public String id() {
        return id;
    }

    /**
     * Returns how long the suite takes unless a run says otherwise.
     *
     * @return seconds from start to report
     */
    public double seconds() {
        return seconds;
    }

    /**
     * Returns how many forks of what is compared come before any more of what explains it, or is known least.
     *
     * @return the number, as long as there is time
     */
    public int leastForks() {
        return leastForks;
    }

    /**
     * Returns what the suite measures.
     *
     * @return one sentence
     */
    public String description() {
        return description;
    }

    /**
     * Says how long the suite takes.
     *
     * @return words that may follow "takes"
     */
    public String time() {
        return switch (this) {
            case QUICK -> QUICK_TIME;
            case FULL -> FULL_TIME;
            case FOLIOS -> FOLIOS_TIME;
            case SCALING -> SCALING_TIME;
            case PUBLISHED -> "seconds";
        };
    }

    /**
     * Selects the suite's cells.
     *
     * @param cells all there are
     * @return those that belong to the suite, in the same order
     */
    public List<Cell> select(List<Cell> cells) {
        return cells.stream().filter(selection).toList();
    }

    /**
     * Leaves out what is the same as something else: a policy whose class another policy of the same benchmark has is
     * the same code, and measured twice it could only show noise as a difference. Of large folios no two are the same.
     *
     * @param cells any
     * @return those that differ, in the same order
     */
    public static List<Cell> distinct(List<Cell> cells) {
        Set<String> tags = cells.stream().map(Cell::tag).collect(Collectors.toSet());
        return cells.stream()
                .filter(cell -> {
                    String policy = cell.params().get(Policy.PARAM);
                    if (policy == null || ofFolios(cell)) {
                        return true;
                    }
                    Policy first = Policy.valueOf(policy).alike().getFirst();
                    return first.name().equals(policy)
                            || !tags.contains(cell.under(first).tag());
                })
                .toList();
    }
}
