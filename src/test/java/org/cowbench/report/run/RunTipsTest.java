package org.cowbench.report.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramIterationValue;
import org.cowbench.report.html.Page;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every number under the pointer in a run's pictures follows from its jmh.json, run.json and histograms. */
class RunTipsTest extends RunPageFixture {
    private static final String NUMBER = "([+-]?[0-9.]+[kMGTP]?|n/a)";

    @ParameterizedTest
    @ValueSource(strings = {KERNELS, FOREIGN, POLICIES})
    void everyTipOfScores(String name) throws IOException {
        Page page = page(name);
        List<Row> rows = rows(name);
        Pattern pattern = Pattern.compile("(.+?): " + NUMBER + "(?: \\[" + NUMBER + ", " + NUMBER + "])? (\\S+);"
                + " forks: ([^;]+)(?:; " + NUMBER + " copies per operation)?");
        List<Row> shown = new ArrayList<>();
        page.figures.forEach((id, panels) -> {
            if (!id.startsWith("scores") && !id.startsWith("cost")) {
                return;
            }
            for (Page.Panel panel : panels) {
                for (String tip : panel.tips()) {
                    Matcher m = pattern.matcher(tip);
                    assertThat(m.matches()).as(tip).isTrue();
                    List<Row> fitting = rows.stream()
                            .filter(row -> !shown.contains(row)
                                    && row.unit().equals(m.group(5))
                                    && named(id, panel.title(), m.group(1), row))
                            .toList();
                    assertThat(fitting).as(tip).isNotEmpty();
                    Row row = fitting.getFirst();
                    shown.add(row);
                    double[] cost = cost(row.forks());
                    assertThat(Page.significant(m.group(2), cost[0], 3)).as(tip).isTrue();
                    assertThat(m.group(3) == null).as(tip).isEqualTo(Double.isNaN(cost[1]));
                    assertThat(m.group(3) == null
                                    || Page.significant(m.group(3), cost[1], 3)
                                            && Page.significant(m.group(4), cost[2], 3))
                            .as(tip)
                            .isTrue();
                    String[] forks = m.group(6).split(", ");
                    assertThat(forks).hasSameSizeAs(row.forks());
                    for (int i = 0; i < forks.length; i++) {
                        assertThat(Page.significant(forks[i], row.forks()[i], 3))
                                .as(tip)
                                .isTrue();
                    }
                    assertThat(m.group(7) == null
                                    || Page.significant(
                                            m.group(7), row.counters().get("copies"), 3))
                            .isTrue();
                }
            }
        });
        assertThat(shown).hasSize((int)
                rows.stream().filter(row -> row.forks().length > 0).count());
    }

    private static boolean named(String figure, String panel, String name, Row row) {
        if (figure.startsWith("cost")) {
            return !row.policy().isEmpty()
                    && figure.equals(
                            "cost-" + row.benchmark().toLowerCase(Locale.ROOT).replace('.', '-'))
                    && panel.equals(row.situation())
                    && name.equals(row.shown());
        }
        return row.policy().isEmpty()
                && (name.replace(" (ss)", "").equals(row.title())
                        || panel.equals(row.benchmark()) && name.equals(row.situation()));
    }

    @ParameterizedTest
    @ValueSource(strings = {KERNELS, POLICIES})
    void everyTipOfPercentiles(String name) throws IOException {
        Map<String, Histogram> histograms = histograms(name);
        int found = 0;
        for (Map.Entry<String, List<Page.Panel>> figure : page(name).figures.entrySet()) {
            if (!figure.getKey().startsWith("percentiles")) {
                continue;
            }
            for (Page.Panel panel : figure.getValue()) {
                assertThat(panel.tips()).hasSizeGreaterThan(2);
                for (String tip : panel.tips()) {
                    Matcher m = Pattern.compile("([0-9.]+) %: (.*) (\\S+)").matcher(tip);
                    assertThat(m.matches()).as(tip).isTrue();
                    assertThat(m.group(3)).isEqualTo(name.equals(KERNELS) ? "instructions" : "ns");
                    for (String part : m.group(2).split(", ")) {
                        String series = part.substring(0, part.lastIndexOf(' '));
                        List<Row> rows = rows(name).stream()
                                .filter(row -> name.equals(KERNELS)
                                        ? panel.title().equals(row.benchmark()) && series.equals(row.situation())
                                        : figure.getKey()
                                                        .endsWith(row.benchmark()
                                                                .toLowerCase(Locale.ROOT)
                                                                .replace('.', '-'))
                                                && panel.title().equals(row.situation())
                                                && series.equals(row.shown()))
                                .toList();
                        assertThat(rows).as("%s in %s", part, panel.title()).hasSize(1);
                        double value =
                                percentile(histograms.get(rows.getFirst().tag()), Double.parseDouble(m.group(1)));
                        assertThat(Page.significant(part.substring(part.lastIndexOf(' ') + 1), value, 3))
                                .as(tip)
                                .isTrue();
                        found++;
                    }
                }
            }
        }
        assertThat(found).isGreaterThan(name.equals(KERNELS) ? 6 * 4 : 12 * 2);
    }

    @Test
    void everyTipOfHistogramsAndCounters() throws IOException {
        Map<String, Histogram> histograms = histograms(POLICIES);
        Map<String, List<Page.Panel>> figures = page(POLICIES).figures;
        List<Row> rows = rows(POLICIES);
        Pattern bin =
                Pattern.compile(NUMBER + " to " + NUMBER + " ns: (\\S+) " + NUMBER + " %, (\\S+) " + NUMBER + " %");
        int bins = 0;
        for (String method : List.of("l2", "dram")) {
            for (Page.Panel panel : figures.getOrDefault("histogram-writeafterread-" + method, List.of())) {
                double sum = 0;
                for (String tip : panel.tips()) {
                    Matcher m = bin.matcher(tip);
                    assertThat(m.matches()).as(tip).isTrue();
                    for (int side = 0; side < 2; side++) {
                        String policy = m.group(3 + 2 * side).replace("!", "");
                        Histogram histogram = histograms.get(
                                "WriteAfterRead." + method + ";policy=" + policy + ";situation=" + panel.title());
                        double share = Page.number(m.group(4 + 2 * side));
                        // The limits of a bin are rounded: what lies near them may be on either side.
                        assertThat(share)
                                .as(tip)
                                .isBetween(
                                        share(
                                                        histogram,
                                                        Page.number(m.group(1)) * 1.0006,
                                                        Page.number(m.group(2)) * 0.9994)
                                                - 0.005001,
                                        share(
                                                        histogram,
                                                        Page.number(m.group(1)) * 0.9994,
                                                        Page.number(m.group(2)) * 1.0006)
                                                + 0.005001);
                        sum += share;
                    }
                    bins++;
                }
                assertThat(sum).as("two distributions but for their slow ends").isBetween(190.0, 200.5);
            }
        }
        assertThat(bins).isGreaterThan(20);
        Pattern counter = Pattern.compile("(\\S+): " + NUMBER + " (.*)");
        int counters = 0;
        for (Page.Panel panel : figures.get("counters-churn-run")) {
            for (String tip : panel.tips()) {
                Matcher m = counter.matcher(tip);
                assertThat(m.matches()).as(tip).isTrue();
                Row row = rows.stream()
                        .filter(each -> each.benchmark().equals("Churn.run")
                                && each.shown().equals(m.group(1))
                                && each.situation().equals(panel.caption()))
                        .findFirst()
                        .orElseThrow();
                assertThat(Page.significant(m.group(2), counter(row, panel.title()), 7))
                        .as(tip)
                        .isTrue();
                counters++;
            }
        }
        assertThat(counters).isEqualTo(3 * 6);
    }

    private static double share(Histogram histogram, double from, double to) {
        double count = 0;
        for (HistogramIterationValue step : histogram.recordedValues()) {
            double value = histogram.medianEquivalentValue(step.getValueIteratedTo()) / 1000.0;
            count += value >= from && value < to ? step.getCountAtValueIteratedTo() : 0;
        }
        return 100 * count / histogram.getTotalCount();
    }

    @Test
    void everyPictureHasTips() {
        for (String name : List.of(POLICIES, KERNELS, FOREIGN)) {
            page(name).figures.forEach((id, panels) -> assertThat(panels)
                    .as(id)
                    .isNotEmpty()
                    .allSatisfy(
                            panel -> assertThat(panel.tips()).as(panel.title()).isNotEmpty()));
        }
        assertThat(page(KERNELS).figures.keySet())
                .containsExactly("scores-instructions-op", "percentiles-instructions");
        assertThat(page(FOREIGN).figures.keySet()).containsExactlyInAnyOrder("scores-us-op", "scores-ops-s");
    }
}
