package org.cowbench.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.cowbench.kernel.app.Plan;
import org.junit.jupiter.api.Test;

class ProbeLimitsTest {
    private static final Pattern LIMIT = Pattern.compile("(?m)^\\s*(M(?:AX|OST)_\\w+) = ([0-9 *]+),");

    @Test
    void areThoseOfTheProbe() throws IOException {
        Map<String, Integer> limits = new LinkedHashMap<>();
        Matcher matcher = LIMIT.matcher(String.join("\n", ProbeBinary.sources().values()));
        while (matcher.find()) {
            limits.put(
                    matcher.group(1),
                    Stream.of(matcher.group(2).split("\\*"))
                            .map(String::strip)
                            .mapToInt(Integer::parseInt)
                            .reduce(1, (a, b) -> a * b));
        }
        assertThat(limits)
                .containsAllEntriesOf(Map.of(
                        "MAX_PROCESSES",
                        ProbeLimits.PROCESSES,
                        "MAX_PAGES",
                        ProbeLimits.PAGES,
                        "MAX_CHANNELS",
                        ProbeLimits.REFERENCES,
                        "MAX_SCRIPT",
                        ProbeLimits.BYTES,
                        "MAX_BENCH",
                        ProbeLimits.BENCH_PAGES,
                        "MAX_GROUPS",
                        ProbeLimits.RECLAIM_STEPS,
                        "MOST_COUNTED",
                        Plan.MOST_COUNTED,
                        "MAX_ASKS",
                        Plan.MOST_REQUESTS));
    }
}
