package org.cowbench.bench;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.cowbench.policy.Policy;
import org.cowbench.result.FolioKind;
import org.cowbench.result.Tag;

/**
 * What one fork measures: a benchmark with one value for each of its parameters.
 *
 * @param benchmark JMH's full name, {@code package.Class.method}
 * @param params parameters in JMH's order (by name), as JMH spells their values
 * @param plannedSeconds warm-up and measurement time of one fork
 */
public record Cell(String benchmark, Map<String, String> params, double plannedSeconds) {

    /**
     * Copies the parameters.
     *
     * @param benchmark JMH's full name
     * @param params parameters in JMH's order
     * @param plannedSeconds warm-up and measurement time of one fork
     */
    public Cell {
        params = Collections.unmodifiableMap(new LinkedHashMap<>(params));
    }

    /**
     * Returns the benchmark's name as reports show it.
     *
     * @return {@code Class.method}
     */
    public String name() {
        int method = benchmark.lastIndexOf('.');
        return benchmark.substring(benchmark.lastIndexOf('.', method - 1) + 1);
    }

    /**
     * Returns the cell's name with its parameters.
     *
     * @return the tag, see {@link Tag}
     */
    public String tag() {
        return Tag.of(name(), Policy.displayed(params));
    }

    /**
     * The same under another policy.
     *
     * @param policy which
     * @return the cell
     */
    Cell under(Policy policy) {
        Map<String, String> others = new LinkedHashMap<>(params);
        others.put(Policy.PARAM, policy.name());
        return new Cell(benchmark, others, plannedSeconds);
    }

    /**
     * Says whether there is such a thing: a policy of an era without folios of a size is no row of them.
     *
     * @param rule the policy on which {@link Policy#RULE} rests
     * @return whether it can be measured
     */
    public boolean exists(Policy rule) {
        Optional<Policy> policy = Policy.named(params.get(Policy.PARAM));
        Optional<FolioKind> folio = FolioKind.of(params.get(FolioKind.PARAM));
        if (policy.isEmpty() || folio.isEmpty()) {
            return true;
        }
        return policy.get() == Policy.RULE
                ? rule.hasFolios(folio.get().pmd())
                : policy.get().hasFolios(folio.get().pmd());
    }

    /**
     * Says whether the cell can share a fork with other policies.
     *
     * @return whether its benchmark takes turns and it has a policy
     */
    boolean takesTurns() {
        return params.containsKey(Policy.PARAM) && MeasuredLane.state(benchmark) != null;
    }

    /**
     * Returns what this cell shares with those it is compared with: cells of one group differ in the policy alone.
     * Benchmarks without a policy form one group by class.
     *
     * @return a key
     */
    String group() {
        if (!params.containsKey(Policy.PARAM)) {
            return benchmark.substring(0, benchmark.lastIndexOf('.'));
        }
        Map<String, String> others = new LinkedHashMap<>(params);
        others.remove(Policy.PARAM);
        return benchmark + others;
    }
}
