package org.cowbench.bench;

import java.util.List;
import java.util.function.Predicate;

/** Named selections of benchmarks. */
public enum Suite {
    /** A stated subset with one fork a cell: a look, not a claim. */
    QUICK("quick", 1, "a look, not a claim: one fork each of the primitives, of WriteAfterRead.l2 in the situations"
            + " SWAPCACHE and HIDDEN_SHARER, and of Churn.run over the zipf stream", Suite::inQuick),
    /** Everything, three forks a cell. */
    FULL("full", 3, "every benchmark with every parameter, three forks each", cell -> true);

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

    private static boolean inQuick(Cell cell) {
        String situation = cell.params().getOrDefault("situation", "");
        return switch (cell.name()) {
            case "WriteAfterRead.l2" -> situation.equals("SWAPCACHE") || situation.equals("HIDDEN_SHARER");
            case "Churn.run" -> cell.params().getOrDefault("stream", "").equals("ZIPF");
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
