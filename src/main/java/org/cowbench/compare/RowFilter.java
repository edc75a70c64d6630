package org.cowbench.compare;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.cowbench.result.ResultException;
import org.jspecify.annotations.Nullable;

/**
 * Which benchmarks are compared.
 *
 * @param bench the tag (benchmark with parameters) must contain a match; null for all
 * @param params by parameter the values that are wanted, as people read them; a benchmark without it is not wanted
 */
public record RowFilter(@Nullable Pattern bench, Map<String, Set<String>> params) {
    /** Nothing is left out. */
    public static final RowFilter ALL = new RowFilter(null, Map.of());

    private static final int MOST_NAMED = 8;

    /**
     * Takes the wanted values.
     *
     * @param bench as of the record
     * @param params as of the record; copied
     */
    public RowFilter {
        params = new LinkedHashMap<>(params);
    }

    /**
     * Selects.
     *
     * @param all what there is
     * @param tag the tag of one
     * @param values the parameters of one, as people read them
     * @param where what they are of, for the message
     * @param <T> their type
     * @return those wanted, in order
     * @throws ResultException when something is there and nothing of it is wanted
     */
    <T> List<T> of(List<T> all, Function<T, String> tag, Function<T, Map<String, String>> values, String where) {
        List<T> wanted = all.stream()
                .filter(one -> accepts(tag.apply(one), values.apply(one)))
                .toList();
        if (!wanted.isEmpty() || all.isEmpty()) {
            return wanted;
        }
        // The first condition that nothing meets, with what there is instead.
        for (Map.Entry<String, Set<String>> param : params.entrySet()) {
            Set<String> there = all.stream()
                    .map(values)
                    .map(each -> each.get(param.getKey()))
                    .filter(v -> v != null)
                    .collect(Collectors.toCollection(TreeSet::new));
            if (there.stream().noneMatch(param.getValue()::contains)) {
                throw new ResultException(where + ": no benchmark has " + said(param)
                        + (there.isEmpty()
                                ? "; none has a parameter '" + param.getKey() + "'"
                                : "; there is " + some(there)));
            }
        }
        throw new ResultException(where + ": no benchmark matches " + this + "; there is "
                + some(all.stream().map(tag).toList()));
    }

    private static String some(Iterable<String> names) {
        List<String> all = new ArrayList<>();
        names.forEach(all::add);
        return String.join(", ", all.subList(0, Math.min(MOST_NAMED, all.size())))
                + (all.size() > MOST_NAMED ? " and " + (all.size() - MOST_NAMED) + " more" : "");
    }

    private boolean accepts(String tag, Map<String, String> values) {
        return (bench == null || bench.matcher(tag).find())
                && params.entrySet().stream().allMatch(param -> param.getValue().contains(values.get(param.getKey())));
    }

    private static String said(Map.Entry<String, Set<String>> param) {
        return param.getKey() + "=" + String.join("|", param.getValue());
    }

    /**
     * The one value of a parameter that is asked for.
     *
     * @param param name of the parameter
     * @return empty where several are, or anything else is
     */
    Optional<String> only(String param) {
        Set<String> wanted = bench == null && params.size() == 1 ? params.getOrDefault(param, Set.of()) : Set.of();
        return wanted.size() == 1 ? wanted.stream().findFirst() : Optional.empty();
    }

    /**
     * What is selected, for people.
     *
     * @return such as {@code --bench l2 policy=v5.9|v5.19}; empty when it is everything
     */
    @Override
    public String toString() {
        List<String> parts = new ArrayList<>();
        if (bench != null) {
            parts.add("--bench " + bench.pattern());
        }
        params.entrySet().forEach(param -> parts.add(said(param)));
        return String.join(" ", parts);
    }
}
