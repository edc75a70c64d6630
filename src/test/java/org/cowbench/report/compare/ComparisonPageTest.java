package org.cowbench.report.compare;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.cowbench.report.html.Page;
import org.cowbench.report.text.Wording;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every number of a comparison's page, shown or under the pointer, is that of the comparison's JSON. */
class ComparisonPageTest extends ComparisonPageFixture {
    @ParameterizedTest
    @MethodSource("cases")
    void everyRowOfTheTables(Case each) {
        Map<List<String>, JsonNode> left = rows(each.json());
        Page page = each.page();
        List<Page.Table> tables = page.tables.stream()
                .filter(table -> table.heads().contains("verdict"))
                .toList();
        for (Page.Table table : tables) {
            Matcher unit =
                    Pattern.compile(".* \\((\\S+), (lower|higher) is better\\)").matcher(table.heading());
            assertThat(unit.matches()).as(table.heading()).isTrue();
            for (List<Page.Cell> cells : table.rows()) {
                Page.Cell name = cells.getFirst();
                boolean score = !name.classes().contains("soft");
                JsonNode row = left.remove(List.of(name.tip(), score ? "score" : name.text(), unit.group(1)));
                assertThat(row)
                        .as("%s %s under %s", name.tip(), name.text(), table.heading())
                        .isNotNull();
                if (score) {
                    assertThat(unit.group(2)).isEqualTo(row.path("better").asText());
                    assertThat(row.path("params").properties())
                            .as("the parts of '%s'", name.text() + table.heading())
                            .allSatisfy(param -> assertThat(name.text() + " " + table.heading())
                                    .contains(param.getValue().asText()));
                }
                check(table.cells(cells), row);
            }
        }
        assertThat(left).as("rows that the page does not show").isEmpty();
    }

    /** Of a column in which no row says anything. */
    private static final Page.Cell ABSENT = new Page.Cell("", "", List.of());

    private static void check(Map<String, Page.Cell> cells, JsonNode row) {
        JsonNode change = row.path("change");
        boolean noisy = row.path("note").asText().startsWith("too noisy");
        boolean ratio = row.path("scale").asText().equals("ratio");
        String verdict = row.path("verdict").asText();
        assertThat(cells.get("verdict").text()).isEqualTo(verdict);
        assertThat(cells.get("verdict").classes()).contains(verdict);
        assertThat(cells.get("verdict").classes().contains("cost"))
                .as("coloured as a cost")
                .isEqualTo(Set.of("more", "fewer").contains(verdict)
                        && row.path("gated").asBoolean());
        Page.Cell interval = cells.entrySet().stream()
                .filter(cell -> cell.getKey().endsWith("interval"))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse(ABSENT);
        if (noisy) {
            assertThat(List.of(cells.getOrDefault("change", ABSENT), interval, cells.getOrDefault("p", ABSENT)))
                    .allSatisfy(cell -> assertThat(cell.text() + cell.tip()).isEmpty());
        } else {
            exact(cells.getOrDefault("change", ABSENT).tip(), change.path("estimate"));
            assertThat(change(cells.getOrDefault("change", ABSENT).text(), change.path("estimate"), ratio, "%"))
                    .as("change")
                    .isTrue();
            String[] bounds = interval.tip().split(" to ");
            if (change.path("low").isNull() && change.path("high").isNull()) {
                assertThat(interval.tip()).isEmpty();
            } else {
                assertThat(Double.parseDouble(bounds[0])).isEqualTo(number(change.path("low")));
                assertThat(Double.parseDouble(bounds[1])).isEqualTo(number(change.path("high")));
            }
            boolean counted = row.path("kind").asText().equals("exact");
            if (counted || interval.text().isEmpty()) {
                assertThat(interval.text()).isEqualTo(counted ? "exact" : "");
                assertThat(counted || change.path("low").isNull())
                        .as("an interval is shown")
                        .isTrue();
            } else {
                String[] shown = interval.text()
                        .substring(1, interval.text().length() - 1)
                        .split(", ");
                assertThat(change(shown[0], change.path("low"), ratio, ""))
                        .as(interval.text())
                        .isTrue();
                assertThat(change(shown[1], change.path("high"), ratio, ""))
                        .as(interval.text())
                        .isTrue();
            }
            p(cells.getOrDefault("p", ABSENT).text(), row);
            assertThat(cells.getOrDefault("p", ABSENT).tip())
                    .isEqualTo(
                            row.path("p").isNull()
                                    ? ""
                                    : "not corrected: " + row.path("p").asDouble() + ", "
                                            + row.path("test").asText());
        }
        for (String side : List.of("base", "head")) {
            exact(cells.get(side).tip(), row.path(side));
            assertThat(value(cells.get(side).text(), number(row.path(side))))
                    .as(cells.get(side).text())
                    .isTrue();
        }
        assertThat(cells.get("forks").text())
                .isEqualTo(forks(row.path("baseForks")) + ", " + forks(row.path("headForks")));
        note(cells.getOrDefault("*", ABSENT).text(), row);
    }

    private static void exact(String tip, JsonNode value) {
        assertThat(tip).isEqualTo(value.isNull() ? "unknown" : Double.toString(value.asDouble()));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void everyTextAndTile(Case each) {
        JsonNode json = each.json();
        Page page = each.page();
        List<JsonNode> rows = list(json.path("rows"));
        for (String verdict : List.of("faster", "slower", "same", "inconclusive")) {
            assertThat(page.tiles.get(verdict))
                    .as(verdict)
                    .isEqualTo(Long.toString(rows.stream()
                            .filter(row ->
                                    score(row) && row.path("verdict").asText().equals(verdict))
                            .count()));
        }
        assertThat(page.tiles.get("identical counters"))
                .isEqualTo(Long.toString(rows.stream()
                        .filter(row -> row.path("kind").asText().equals("exact")
                                && row.path("verdict").asText().equals("same"))
                        .count()));
        for (String side : List.of("base", "head")) {
            JsonNode node = json.path(side);
            String text = page.paragraphs.get(side.equals("base") ? 0 : 1);
            assertThat(text)
                    .startsWith(
                            Wording.capital(side) + ": " + node.path("label").asText());
            assertThat(text).contains(node.path("kernel").asText());
            assertThat(node.path("commit").asText())
                    .startsWith(text.replaceFirst("(?s).*, commit ([0-9a-f]+).*|.*", "$1"));
            for (String fact : List.of("label", "commit", "suite", "started", "kernel")) {
                if (!node.path(fact).asText().isEmpty()) {
                    assertThat(page.table("Environment").row(fact).get(side).text())
                            .startsWith(node.path(fact).asText());
                }
            }
        }
        design(page.paragraphs.get(2), json);
        assertThat(page.paragraphs).contains(json.path("method").asText());
        assertThat(page.lists.getOrDefault("Warnings", List.of()))
                .containsExactlyElementsOf(list(json.path("warnings")).stream()
                        .map(JsonNode::asText)
                        .toList());
        List<JsonNode> differences = list(json.path("environment"));
        List<Page.Table> shown = page.tables.stream()
                .filter(table -> table.heads().contains("fact"))
                .toList();
        assertThat(shown).hasSize(differences.isEmpty() ? 0 : 1);
        for (int i = 0; i < differences.size(); i++) {
            List<String> cells =
                    shown.getFirst().rows().get(i).stream().map(Page.Cell::text).toList();
            JsonNode d = differences.get(i);
            assertThat(cells).startsWith(d.path("key").asText(), absent(d.path("base")), absent(d.path("head")));
            assertThat(cells.contains("another machine"))
                    .isEqualTo(d.path("machine").asBoolean());
        }
        assertThat(page.preformatted).isEqualTo(CompareFormat.TEXT.write(each.comparison(), false));
        JsonNode gate = json.path("gate");
        List<String> gates =
                page.order.stream().filter(text -> text.startsWith("Gate (")).toList();
        assertThat(gates).hasSize(gate.isNull() ? 0 : 1);
        for (String text : gates) {
            assertThat(text).contains("more than " + gate.path("failOver").asInt() + " %");
            assertThat(page.banners.contains(text))
                    .isEqualTo(gate.path("failed").asBoolean());
            list(gate.path("rows"))
                    .forEach(row -> assertThat(text).contains(row.path("tag").asText()));
        }
    }

    private static String absent(JsonNode fact) {
        return fact.asText().isEmpty() ? "(absent)" : fact.asText();
    }

    private static void design(String text, JsonNode json) {
        if (json.path("design").asText().equals("unpaired")) {
            assertThat(text).isEqualTo("Unpaired: drift not controlled.");
            return;
        }
        Matcher matcher = Pattern.compile("Paired in (\\d+) blocks of one sitting, order from seed (\\d+)"
                        + "(?:; control \\(base against itself, (\\d+) rows\\): no bias shown, none beyond " + NUMBER
                        + " % left open"
                        + "|; control: BIASED|)\\.")
                .matcher(text);
        assertThat(matcher.matches()).as(text).isTrue();
        assertThat(Integer.parseInt(matcher.group(1)))
                .isEqualTo(json.path("blocks").asInt());
        assertThat(Long.parseLong(matcher.group(2)))
                .isEqualTo(json.path("base").path("seed").asLong());
        if (matcher.group(3) != null) {
            assertThat(Integer.parseInt(matcher.group(3)))
                    .isEqualTo(json.path("control").path("rows").asInt());
            assertThat(Page.significant(
                            matcher.group(4),
                            json.path("control").path("largest").asDouble() * 100,
                            3))
                    .isTrue();
        }
        assertThat(text.contains("BIASED"))
                .isEqualTo(json.path("control").path("state").asText().equals("biased"));
    }

    /** What speaks against a comparison is read before its verdicts. */
    @ParameterizedTest
    @MethodSource("cases")
    void cautionsComeFirst(Case each) {
        Page page = each.page();
        int summary = page.order.indexOf("Summary");
        int verdicts = page.order.indexOf("Verdicts");
        assertThat(summary).isPositive().isLessThan(verdicts);
        JsonNode json = each.json();
        if (!json.path("environment").isEmpty()) {
            assertThat(page.order.indexOf(
                            json.path("environment").findValuesAsText("machine").contains("true")
                                    ? "table [fact, base, head, ]"
                                    : "table [fact, base, head]"))
                    .isPositive()
                    .isLessThan(summary);
        }
        if (!json.path("warnings").isEmpty()) {
            assertThat(page.order.indexOf("Warnings")).isPositive().isLessThan(summary);
        }
        if (!json.path("valid").asBoolean()) {
            assertThat(page.banners.getFirst()).startsWith("Invalid").contains("policy=v5.9");
            assertThat(page.order.indexOf(page.banners.getFirst())).isLessThan(summary);
        }
    }
}
