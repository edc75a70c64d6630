package org.cowbench.bench;

import java.util.List;
import java.util.function.Predicate;
import org.cowbench.policy.Policy;
import org.cowbench.result.Tag;
import org.cowbench.workload.Streams;

/** Named selections of benchmarks. */
public enum Suite {
    /** A stated subset with one fork a cell: a look, not a claim. */
    QUICK("quick", 1, "a look, not a claim: one fork each of the primitives, of WriteAfterRead.l2 in the situations"
            + " SWAPCACHE and HIDDEN_SHARER, and of Churn.run over the recorded redis stream", Suite::inQuick),
    /**
     * Everything, three forks a cell; but not the oracle on the large pinned set, because the oracle looks through all
     * references of the machine at each fault, and with a pin on every page that search would be all that is measured.
     */
    FULL("full", 3, "every benchmark with every parameter, three forks each; but not WriteAfterRead.dram PINNED under"
            + " oracle, which would measure the oracle's own search", cell -> !oracleSearches(cell));

    /** How long the quick suite takes, as every text says it. */
    public static final String QUICK_TIME = "under 3 minutes";

    /** How long the full suite takes, as every text says it. */
    public static final String FULL_TIME = "about 28 minutes";

    /** What a fork takes beside warming up and measuring, in seconds: as in results/20261125-064728-f8d5cd7cfb. */
    static final double FORK_SECONDS = 1.34;

    private final String id;
    private final int forks;
    private final String description;
    private final Predicate<Cell> selection;

    Suite(String id, int forks, String description, Predicate<Cell> selection) {
        this.id = id;
        this.forks = forks;
        this.description = description;
        this.selection = selection;
    }

    private static boolean oracleSearches(Cell cell) {
        return cell.name().equals("WriteAfterRead.dram")
                && Policy.ORACLE.name().equals(cell.params().get(Tag.POLICY_PARAM))
                && Situation.PINNED.name().equals(cell.params().get("situation"));
    }

    private static boolean inQuick(Cell cell) {
        String situation = cell.params().getOrDefault("situation", "");
        return switch (cell.name()) {
            case "WriteAfterRead.l2" -> situation.equals("SWAPCACHE") || situation.equals("HIDDEN_SHARER");
            case "Churn.run" -> cell.params().getOrDefault("stream", "").equals(Streams.REDIS.name());
            default -> cell.name().startsWith("Primitives.");
        };
    }

    /**
     * Returns the name by which commands select the suite.
     *
     * @return {@code quick} or {@code full}
     */
    public String id() {
        return id;
    }

    /**
     * Returns how many forks each cell gets.
     *
     * @return the default number of forks
     */
    public int forks() {
        return forks;
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
        return this == QUICK ? QUICK_TIME : FULL_TIME;
    }

    /**
     * Estimates how long the suite takes.
     *
     * @param cells all there are
     * @return seconds
     */
    double seconds(List<Cell> cells) {
        return forks * select(cells).stream().mapToDouble(cell -> cell.plannedSeconds() + FORK_SECONDS).sum();
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
}
