package org.cowbench.report.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.DoubleStream;
import org.cowbench.compare.Comparison;
import org.cowbench.report.html.Page;
import org.cowbench.stats.Forks;
import org.cowbench.stats.Interval;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every number under the pointer in a comparison's pictures is that of the comparison's JSON. */
class ComparisonTipsTest extends ComparisonPageFixture {
    @ParameterizedTest
    @MethodSource("cases")
    void everyTipOfTheForestPlot(Case each) {
        JsonNode json = each.json();
        Pattern pattern = Pattern.compile("(.+): (?:(\\S+?)%?(?: \\[(\\S+), (\\S+)])? (\\w+)|too noisy.*); base "
                + NUMBER + ", head " + NUMBER + " (\\S+?)(?:; p (\\S+))?");
        Set<JsonNode> shown = new HashSet<>();
        each.page().figures.forEach((id, panels) -> {
            if (!id.startsWith("forest")) {
                return;
            }
            for (String tip : panels.getFirst().tips()) {
                Matcher m = pattern.matcher(tip);
                assertThat(m.matches()).as(tip).isTrue();
                JsonNode row = score(json, m.group(1), m.group(8));
                assertThat(shown.add(row)).as(tip).isTrue();
                assertThat(value(m.group(6), number(row.path("base")))).as(tip).isTrue();
                assertThat(value(m.group(7), number(row.path("head")))).as(tip).isTrue();
                boolean noisy = row.path("note").asText().startsWith("too noisy");
                assertThat(m.group(5) == null).as(tip).isEqualTo(noisy);
                if (!noisy) {
                    JsonNode change = row.path("change");
                    assertThat(m.group(5)).isEqualTo(row.path("verdict").asText());
                    assertThat(change(m.group(2), change.path("estimate"), true, ""))
                            .as(tip)
                            .isTrue();
                    assertThat(m.group(3) == null)
                            .as(tip)
                            .isEqualTo(change.path("low").isNull());
                    if (m.group(3) != null) {
                        assertThat(change(m.group(3), change.path("low"), true, ""))
                                .as(tip)
                                .isTrue();
                        assertThat(change(m.group(4), change.path("high"), true, ""))
                                .as(tip)
                                .isTrue();
                    }
                    p(m.group(9) == null ? "" : m.group(9), row);
                }
            }
        });
        assertThat(shown)
                .hasSameSizeAs(list(json.path("rows")).stream()
                        .filter(row -> score(row) && row.path("scale").asText().equals("ratio"))
                        .toList());
    }

    @ParameterizedTest
    @MethodSource("cases")
    void everyTipOfTheForks(Case each) {
        JsonNode json = each.json();
        Map<String, List<Page.Panel>> figures = each.page().figures;
        Pattern share = Pattern.compile("(base|head): " + NUMBER + " % of forks at or below " + NUMBER + " (\\S+)");
        for (Page.Panel panel : figures.getOrDefault("ecdf", List.of())) {
            Map<String, Integer> count = new LinkedHashMap<>();
            for (String tip : panel.tips()) {
                Matcher m = share.matcher(tip);
                assertThat(m.matches()).as(tip).isTrue();
                JsonNode row = score(json, panel.title(), m.group(4));
                double[] sorted = values(row.path(m.group(1) + "Forks").path("values"));
                Arrays.sort(sorted);
                int n = count.merge(m.group(1), 1, Integer::sum);
                assertThat(Page.significant(m.group(3), sorted[n - 1], 4))
                        .as(tip)
                        .isTrue();
                assertThat(Page.decimals(m.group(2), 100.0 * n / sorted.length, 1))
                        .as(tip)
                        .isTrue();
                assertThat(panel.caption()).startsWith(row.path("verdict").asText() + ", A = ");
                String superiority = panel.caption().replaceFirst(".* ", "");
                assertThat(Page.decimals(superiority, number(row.path("superiority")), 2))
                        .isTrue();
            }
            assertThat(count.keySet()).containsExactly("base", "head");
        }
        Pattern place = Pattern.compile("(base|head), fork (\\d+): " + NUMBER + " (\\S+)");
        for (Page.Panel panel : figures.getOrDefault("forks", List.of())) {
            Map<String, Integer> count = new LinkedHashMap<>();
            for (String tip : panel.tips()) {
                Matcher m = place.matcher(tip);
                assertThat(m.matches()).as(tip).isTrue();
                JsonNode forks = score(json, panel.title(), m.group(4)).path(m.group(1) + "Forks");
                int n = count.merge(m.group(1), 1, Integer::sum) - 1;
                assertThat(Integer.parseInt(m.group(2)))
                        .isEqualTo(forks.path("orders").get(n).asInt());
                assertThat(Page.significant(
                                m.group(3), forks.path("values").get(n).asDouble(), 4))
                        .as(tip)
                        .isTrue();
            }
            assertThat(count.keySet()).containsExactly("base", "head");
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void everyTipOfThePercentiles(Case each) {
        JsonNode json = each.json();
        Map<String, String> titles = new LinkedHashMap<>();
        list(json.path("rows")).forEach(row -> titles.put(tag(row), title(row)));
        Map<String, List<Page.Panel>> figures = each.page().figures;
        Pattern moved = Pattern.compile(NUMBER + " %: (\\S+?)%?(?: \\[(\\S+?)%?, (\\S+?)%?])?");
        List<Page.Panel> shifts = figures.getOrDefault("shift", List.of());
        assertThat(shifts).hasSameSizeAs(each.comparison().shifts());
        for (Comparison.Shift shift : each.comparison().shifts()) {
            List<String> tips = panel(shifts, titles.get(shift.tag())).tips();
            assertThat(tips).hasSameSizeAs(shift.fractions());
            for (int i = 0; i < tips.size(); i++) {
                Matcher m = moved.matcher(tips.get(i));
                assertThat(m.matches()).as(tips.get(i)).isTrue();
                assertThat(Page.number(m.group(1))).isCloseTo(shift.fractions()[i] * 100, within(1e-9));
                Interval ratio = shift.ratios()[i];
                assertThat(ratio(m.group(2), ratio.estimate())).as(tips.get(i)).isTrue();
                assertThat(m.group(3) != null).isEqualTo(ratio.bounded());
                assertThat(!ratio.bounded() || ratio(m.group(3), ratio.low()) && ratio(m.group(4), ratio.high()))
                        .isTrue();
            }
        }
        Pattern side = Pattern.compile("(base|head) " + NUMBER + " \\(" + NUMBER + " to " + NUMBER + "\\)");
        List<Page.Panel> curves = figures.getOrDefault("curves", List.of());
        assertThat(curves).hasSameSizeAs(each.comparison().curves());
        for (Comparison.Curves one : each.comparison().curves()) {
            List<String> tips = panel(curves, titles.get(one.tag())).tips();
            assertThat(tips).hasSizeGreaterThan(3);
            for (int i = 0; i < tips.size(); i++) {
                double fraction = one.fractions()[2 * i];
                String percent = tips.get(i).substring(0, tips.get(i).indexOf(" %"));
                // Two digits of the distance from 1.
                assertThat(Page.number(percent) / 100).isCloseTo(fraction, within((1 - fraction) * 0.1));
                Matcher m = side.matcher(tips.get(i));
                int sides = 0;
                while (m.find()) {
                    double[][] forks = m.group(1).equals("base") ? one.base() : one.head();
                    int at = 2 * i;
                    double[] values =
                            Arrays.stream(forks).mapToDouble(fork -> fork[at]).toArray();
                    assertThat(Page.significant(m.group(2), Forks.median(values), 4))
                            .as(tips.get(i))
                            .isTrue();
                    assertThat(Page.significant(
                                    m.group(3), DoubleStream.of(values).min().orElseThrow(), 4))
                            .isTrue();
                    assertThat(Page.significant(
                                    m.group(4), DoubleStream.of(values).max().orElseThrow(), 4))
                            .isTrue();
                    sides++;
                }
                assertThat(sides).as(tips.get(i)).isPositive();
            }
        }
    }

    private static Page.Panel panel(List<Page.Panel> panels, String title) {
        return panels.stream()
                .filter(panel -> panel.title().equals(title))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no panel " + title));
    }

    /** No picture has a number that nobody can read, and no case is drawn without the pictures it has data for. */
    @Test
    void everyPictureHasTips() {
        Map<String, Set<String>> drawn = new LinkedHashMap<>();
        for (Case each : CASES) {
            each.page().figures.forEach((id, panels) -> {
                drawn.computeIfAbsent(each.name(), name -> new HashSet<>()).add(id);
                assertThat(panels).as("%s %s", each, id).isNotEmpty().allSatisfy(panel -> assertThat(panel.tips())
                        .as(panel.title())
                        .isNotEmpty());
            });
        }
        assertThat(drawn.get("slower")).containsExactlyInAnyOrder("forest-times", "curves", "shift", "ecdf", "forks");
        assertThat(drawn.get("foreign")).containsExactlyInAnyOrder("forest-times", "forest-rates", "ecdf");
        assertThat(drawn.get("unpaired")).containsExactlyInAnyOrder("forest-times", "ecdf", "forks");
    }
}
