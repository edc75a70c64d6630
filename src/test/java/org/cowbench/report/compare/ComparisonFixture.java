package org.cowbench.report.compare;

import java.nio.file.Path;
import java.util.List;
import org.cowbench.compare.CompareOptions;
import org.cowbench.compare.Comparison;
import org.cowbench.compare.Comparison.Kind;
import org.cowbench.compare.Comparison.Row;
import org.cowbench.compare.ComparisonBuilder;
import org.cowbench.result.ResultDirectory;
import org.cowbench.stats.Rule;
import org.junit.jupiter.api.io.TempDir;

/** Sessions of made-up forks, and entries of JMH files, compared. */
abstract class ComparisonFixture {
    @TempDir
    Path results;

    Comparison compare(SyntheticSession session) {
        return compare(session, Double.NaN, false);
    }

    Comparison compare(SyntheticSession session, double failOver, boolean strict) {
        session.write(results);
        return ComparisonBuilder.compare(
                ResultDirectory.read(results.resolve("base")),
                ResultDirectory.read(results.resolve("head")),
                Rule.DEFAULT,
                CompareOptions.gate(failOver, strict));
    }

    static List<Row> scores(Comparison comparison) {
        return comparison.rows().stream()
                .filter(row -> row.kind() == Kind.SCORE)
                .toList();
    }

    static String entry(String benchmark, String mode, String params, String unit, String raw) {
        return "{\"benchmark\":\"com.acme." + benchmark + "\",\"mode\":\"" + mode + "\",\"forks\":1,\"params\":{"
                + params + "},\"primaryMetric\":{\"scoreUnit\":\"" + unit + "\",\"rawData\":" + raw + "}}";
    }

    static Comparison compare(Path base, Path head) {
        return ComparisonBuilder.compare(
                ResultDirectory.read(base), ResultDirectory.read(head), Rule.DEFAULT, CompareOptions.NONE);
    }
}
