package org.cowbench.report.run;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.HdrHistogram.Histogram;
import org.cowbench.check.KnownCase;
import org.cowbench.check.Relative;
import org.cowbench.policy.Policy;
import org.cowbench.report.html.Page;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every number of a run's page, shown or under the pointer, follows from its jmh.json, run.json and histograms. */
class RunPageTest extends RunPageFixture {
    /** The ratio to v5.9 of forks of the same block, by run.json. */
    private static double[] ratio(String name, Row row) throws IOException {
        Map<Integer, Double> own = new TreeMap<>();
        Map<Integer, Double> base = new TreeMap<>();
        for (JsonNode fork : json(name, "run.json").path("forks")) {
            Map<String, String> params = params(fork);
            if (fork.path("benchmark").asText().equals(row.benchmark())) {
                if (params.equals(row.params())) {
                    own.put(fork.path("block").asInt(), fork.path("median").asDouble());
                }
                params.replace("policy", row.policy());
                if (params.equals(row.params()) && params(fork).get("policy").equals("V5_9")) {
                    base.put(fork.path("block").asInt(), fork.path("median").asDouble());
                }
            }
        }
        assertThat(own).isNotEmpty();
        return cost(own.entrySet().stream()
                .mapToDouble(fork -> fork.getValue() / base.get(fork.getKey()))
                .toArray());
    }

    /** Digits that an interval leaves known: three at most, two without one. */
    private static int digits(double[] cost) {
        double half = (cost[2] - cost[1]) / 2;
        return Double.isNaN(half)
                ? 2
                : Math.clamp((int) (Math.floor(Math.log10(cost[0])) - Math.floor(Math.log10(half))) + 1, 1, 3);
    }

    private static void known(Page.Cell cell, double[] cost) {
        assertThat(Page.significant(cell.text(), cost[0], digits(cost)))
                .as("%s for %s", cell.text(), cost[0])
                .isTrue();
        exactly(cell.tip(), cost[0]);
    }

    private static void interval(Page.Cell cell, double[] cost) {
        if (Double.isNaN(cost[1])) {
            assertThat(cell.text() + cell.tip()).isEmpty();
            return;
        }
        String[] shown = cell.text().substring(1, cell.text().length() - 1).split(", ");
        String[] exact = cell.tip().split(" to ");
        for (int i = 0; i < 2; i++) {
            int decimals = digits(cost) - 1 - (int) Math.floor(Math.log10(cost[0]));
            assertThat(Page.decimals(shown[i], cost[i + 1], decimals))
                    .as("%s in %s", cost[i + 1], cell.text())
                    .isTrue();
            exactly(exact[i], cost[i + 1]);
        }
    }

    @Test
    void everyRowOfThePolicies() throws IOException {
        Page page = page(POLICIES);
        Map<String, Histogram> histograms = histograms(POLICIES);
        int found = 0;
        for (Row row : rows(POLICIES)) {
            if (row.policy().isEmpty()) {
                continue;
            }
            found++;
            List<Page.Table> tables = page.tables(row.title());
            Map<String, Page.Cell> cells = tables.getFirst().row(row.shown());
            known(cells.get(row.unit()), cost(row.forks()));
            interval(cells.get("95% interval"), cost(row.forks()));
            double[] ratio = ratio(POLICIES, row);
            known(cells.get("vs v5.9"), ratio);
            interval(cells.get("95% interval*"), ratio);
            assertThat(cells.containsKey("p50")).isEqualTo(histograms.containsKey(row.tag()));
            if (cells.containsKey("p50")) {
                percentiles(cells, histograms.get(row.tag()));
            }
            assertThat(Page.decimals(cells.get("copies").text(), row.counters().get("copies"), 3))
                    .isTrue();
            exactly(cells.get("copies").tip(), row.counters().get("copies"));
            assertThat(Page.decimals(cells.get("bytes").text(), row.counters().get("bytesCopied"), 0))
                    .isTrue();
            exactly(cells.get("bytes").tip(), row.counters().get("bytesCopied"));
            forks(cells.get("forks"), row);
            Policy policy = Policy.valueOf(row.policy());
            String verdict =
                    page.table("Verdicts").row(row.shown()).get("verdict").text();
            assertThat(verdict).startsWith(policy.verdict());
            KnownCase.of(policy).forEach(known -> assertThat(verdict).contains(known.label()));
            // A block's rows are one line each: the worst property, and the names under the pointer.
            assertThat(cells.get("safety").text())
                    .isEqualTo(Relative.declared(KnownCase.of(policy), Relative.NEWEST)
                            .brief());
            assertThat(cells.get("safety").tip())
                    .isEqualTo(page.table("Verdicts")
                            .row(row.shown())
                            .get("safety")
                            .text());
            assertThat(tables).hasSize(row.benchmark().startsWith("Churn") ? 2 : 1);
            if (tables.size() > 1) {
                tables.getLast().row(row.shown()).forEach((head, cell) -> {
                    if (!head.equals("policy")) {
                        check(cell, counter(row, head));
                    }
                });
            }
        }
        assertThat(found).isEqualTo(3 * 5);
    }

    @Test
    void theSummaryOfPolicies() throws IOException {
        Page page = page(POLICIES);
        List<Row> rows = rows(POLICIES);
        List<Row> policies =
                rows.stream().filter(row -> !row.policy().isEmpty()).toList();
        assertThat(page.tiles)
                .isEqualTo(Map.of(
                        "policies",
                                Long.toString(policies.stream()
                                        .map(Row::policy)
                                        .distinct()
                                        .count()),
                        "benchmarks",
                                Long.toString(rows.stream()
                                        .map(Row::benchmark)
                                        .distinct()
                                        .count()),
                        "rows", Integer.toString(rows.size()),
                        "forks",
                                Integer.toString(rows.stream()
                                        .mapToInt(row -> row.forks().length)
                                        .sum())));
        Set<String> titles = policies.stream().map(Row::title).collect(Collectors.toCollection(LinkedHashSet::new));
        assertThat(page.table("Summary").rows()).hasSameSizeAs(titles);
        for (String title : titles) {
            Map<String, Page.Cell> cells = page.table("Summary").row(title);
            List<Row> block =
                    policies.stream().filter(row -> row.title().equals(title)).toList();
            Row base = block.stream()
                    .filter(row -> row.id().equals("v5.9"))
                    .findFirst()
                    .orElseThrow();
            known(cells.get("v5.9"), cost(base.forks()));
            // Not the oracle, which no kernel has.
            Row safe = block.stream()
                    .filter(row -> !Policy.valueOf(row.policy()).isBound()
                            && row.shown().equals(row.id()))
                    .min((a, b) -> Double.compare(cost(a.forks())[0], cost(b.forks())[0]))
                    .orElseThrow();
            assertThat(cells.get("cheapest that keeps isolation and secrecy").text())
                    .isEqualTo(safe.shown());
            known(cells.get("its cost"), cost(safe.forks()));
            known(cells.get("vs v5.9"), ratio(POLICIES, safe));
            String copying = block.stream()
                    .filter(row -> row.counters().get("copies")
                            > (title.startsWith("Churn") ? row.counters().get("reuses") : 0.5))
                    .map(Row::shown)
                    .collect(Collectors.joining(", "));
            assertThat(cells.get("copy").text()).isEqualTo(copying.isEmpty() ? "none" : copying);
        }
        assertThat(page.paragraphs.getFirst())
                .startsWith("Full suite: 3 forks a policy")
                .contains("took 1235 s");
        assertThat(page.paragraphs)
                .anyMatch(text -> text.contains("UNSAFE in i: isolation, s: secrecy, p: pin-coherence"))
                .anyMatch(text -> text.contains("Seed of the order: 42."));
    }

    /** Results without a policy, of kernels and of other projects, have their scores, forks and pictures too. */
    @ParameterizedTest
    @ValueSource(strings = {KERNELS, FOREIGN, POLICIES})
    void everyScore(String name) throws IOException {
        Page page = page(name);
        Map<String, Histogram> histograms = name.equals(KERNELS) ? histograms(name) : Map.of();
        List<Row> rows =
                rows(name).stream().filter(row -> row.policy().isEmpty()).toList();
        assertThat(rows).hasSizeGreaterThan(5);
        int shown = 0;
        for (Row row : rows) {
            String title = row.title() + (row.benchmark().equals("Hash.zero") ? " (ss)" : "");
            String head =
                    (name.equals(POLICIES) ? "Primitives, floors of what a fault does (" : "Scores (") + row.unit();
            assertThat(page.table(head).heading())
                    .endsWith(row.unit().startsWith("ops/") ? ", higher is better)" : ", lower is better)");
            Map<String, Page.Cell> cells = page.table(head).row(title);
            shown++;
            known(cells.get("score"), cost(row.forks()));
            interval(cells.get("95% interval"), cost(row.forks()));
            forks(cells.get("forks"), row);
            if (name.equals(KERNELS)) {
                percentiles(cells, histograms.get(row.tag()));
                assertThat(Page.decimals(
                                cells.get("copies").text(), row.counters().get("copies"), 3))
                        .isTrue();
            }
        }
        assertThat(page.tables.stream()
                        .filter(table -> table.heads().contains("score"))
                        .mapToInt(table -> table.rows().size())
                        .sum())
                .isEqualTo(shown);
    }

    @Test
    void warningsEnvironmentAndMethod() throws IOException {
        Page page = page(KERNELS);
        assertThat(page.lists.get("Warnings")).containsExactly("x < y");
        assertThat(page.table("Environment").row("guest.memory").get("value").text())
                .isEqualTo("256 MiB");
        assertThat(page.preformatted).isEqualTo("kernel timeline");
        assertThat(page.paragraphs.getFirst())
                .contains("3 forks a benchmark", "1a2b3c4d5e6f (with local changes)", "took 119 s");
        assertThat(page.paragraphs).anyMatch(text -> text.startsWith("None: no benchmark here has a policy"));
        assertThat(page(FOREIGN).lists.get("Warnings"))
                .singleElement()
                .asString()
                .contains("no run.json");
        assertThat(page(FOREIGN).paragraphs).contains("Unknown: there is no run.json.");
        JsonNode environment = json(POLICIES, "run.json").path("environment");
        environment.properties().forEach(fact -> assertThat(page(POLICIES)
                        .table("Environment")
                        .row(fact.getKey())
                        .get("value")
                        .text())
                .isEqualTo(fact.getValue().asText()));
    }
}
