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
     * Selects the suite's cells.
     *
     * @param cells all there are
     * @return those that belong to the suite, in the same order
     */
    public List<Cell> select(List<Cell> cells) {
        return cells.stream().filter(selection).toList();
    }
}
