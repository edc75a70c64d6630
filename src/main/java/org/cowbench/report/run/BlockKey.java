package org.cowbench.report.run;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.cowbench.compare.MeasuredPolicy;
import org.cowbench.policy.Policy;
import org.cowbench.result.FolioKind;
import org.cowbench.result.KnownBenchmark;
import org.cowbench.result.Measurement;
import org.cowbench.result.MeasurementKey;
import org.cowbench.result.Situation;

/**
 * What measurements of one block share: all but the policy. Average time and throughput of one method are two benchmarks,
 * and so are two units.
 *
 * @param benchmark what the benchmark is called
 * @param measured what was measured, without the policy
 * @param policy whether there is one
 * @param unit unit of the score
 */
record BlockKey(String benchmark, MeasurementKey measured, boolean policy, String unit)
        implements Comparable<BlockKey> {
    /** Names and values in the order in which people think of them; others follow in alphabetical order. */
    private static final List<String> ORDER = Stream.of(
                    Arrays.stream(KnownBenchmark.values()).map(KnownBenchmark::id),
                    Arrays.stream(Situation.values()).map(Situation::name),
                    Arrays.stream(FolioKind.values()).map(FolioKind::name),
                    RunWording.STREAMS.keySet().stream())
            .flatMap(Function.identity())
            .toList();

    /** Between digits and other characters. */
    private static final Pattern DIGITS = Pattern.compile("(?<=[0-9])(?![0-9])|(?<![0-9])(?=[0-9])");

    private static final Pattern NUMBER = Pattern.compile("[0-9]+");

    static BlockKey of(Measurement measurement) {
        boolean policy = MeasuredPolicy.has(measurement.key());
        MeasurementKey key = measurement.key();
        return new BlockKey(
                measurement.benchmark(), policy ? key.without(Policy.PARAM) : key, policy, measurement.unit());
    }

    @Override
    public int compareTo(BlockKey other) {
        return Comparator.comparing((BlockKey key) -> List.of(key.benchmark), BlockKey::compareValues)
                .thenComparing(key -> List.copyOf(key.measured.params().values()), BlockKey::compareValues)
                .thenComparing(key -> key.measured.params().toString())
                .thenComparing(BlockKey::policy)
                .thenComparing(key -> key.measured.mode())
                .thenComparing(BlockKey::unit)
                .compare(this, other);
    }

    private static int compareValues(List<String> a, List<String> b) {
        for (int i = 0; i < Math.min(a.size(), b.size()); i++) {
            int order = Integer.compare(rank(a.get(i)), rank(b.get(i)));
            if (order == 0) {
                order = natural(a.get(i), b.get(i));
            }
            if (order != 0) {
                return order;
            }
        }
        return Integer.compare(a.size(), b.size());
    }

    private static int rank(String value) {
        int index = ORDER.indexOf(value);
        return index < 0 ? ORDER.size() : index;
    }

    /** As {@link String#compareTo}, but whole numbers inside by their value: 9 comes before 10, 5.4 before 5.10. */
    private static int natural(String a, String b) {
        String[] left = DIGITS.split(a);
        String[] right = DIGITS.split(b);
        for (int i = 0; i < Math.min(left.length, right.length); i++) {
            boolean numbers = NUMBER.matcher(left[i]).matches()
                    && NUMBER.matcher(right[i]).matches();
            int order =
                    numbers ? new BigInteger(left[i]).compareTo(new BigInteger(right[i])) : left[i].compareTo(right[i]);
            if (order != 0) {
                return order;
            }
        }
        return left.length == right.length ? a.compareTo(b) : Integer.compare(left.length, right.length);
    }
}
