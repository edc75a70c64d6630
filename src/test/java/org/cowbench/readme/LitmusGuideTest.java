package org.cowbench.readme;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.regex.MatchResult;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.cowbench.litmus.EntryState;
import org.cowbench.litmus.Expectations;
import org.cowbench.litmus.FolioView;
import org.cowbench.litmus.FrameChange;
import org.cowbench.litmus.ModelRun;
import org.cowbench.litmus.Op;
import org.cowbench.litmus.Refusal;
import org.cowbench.litmus.Script;
import org.cowbench.litmus.ScriptParser;
import org.cowbench.litmus.ShippedScripts;
import org.cowbench.litmus.Step;
import org.cowbench.litmus.StepCounter;
import org.cowbench.litmus.StepCounts;
import org.cowbench.litmus.StepResult;
import org.cowbench.policy.Policy;
import org.junit.jupiter.api.Test;

/** The guide to the language has what the parser knows, and nothing else. */
class LitmusGuideTest {
    private static final String GUIDE = Documents.text(Path.of("src/site/markdown/litmus.md"));

    /** First cells of a table, without back quotes. */
    private static List<String> names(String start) throws IOException {
        return Documents.table(start).stream()
                .skip(1)
                .map(row -> row.getFirst().replace("`", ""))
                .toList();
    }

    @Test
    void everyOperationAndItsOperands() throws IOException {
        assertThat(names("operation"))
                .containsExactly(Arrays.stream(Op.values())
                        .map(op -> ("P " + op.word() + " " + op.operands()).strip() + (op.seesValue() ? " [-> V]" : ""))
                        .toArray(String[]::new));
        assertThat(Documents.table("operation"))
                .allSatisfy(row -> assertThat(row).hasSize(2).doesNotContain(""));
    }

    @Test
    void everyRefusal() throws IOException {
        assertThat(names("error"))
                .containsExactly(
                        Arrays.stream(Refusal.values()).map(Refusal::toString).toArray(String[]::new));
    }

    @Test
    void everyFieldOfAStep() throws IOException {
        Step step = new Step(0, "A", Op.READ, 0, "", 0, OptionalLong.of(1));
        String all = new StepResult(
                        "f",
                        0,
                        step,
                        EntryState.PRESENT,
                        EntryState.PRESENT,
                        FrameChange.SAME,
                        0,
                        0,
                        OptionalLong.of(2),
                        "e",
                        OptionalLong.empty(),
                        OptionalInt.of(0))
                .showing(new FolioView(
                        FolioView.Mapping.WHOLE,
                        4,
                        Optional.of(false),
                        Stream.of(FolioView.Event.values()).collect(Collectors.toMap(event -> event, _ -> 0L))))
                .counting(new StepCounts(
                        Stream.of(StepCounter.values()).collect(Collectors.toMap(counter -> counter, _ -> 0L)),
                        Map.of()))
                .json("\"policy\":\"p\",\"kernel\":\"k\",");
        List<String> fields = new ArrayList<>();
        new ObjectMapper().readTree(all).fieldNames().forEachRemaining(fields::add);
        assertThat(names("field of a step").stream().flatMap(cell -> Stream.of(cell.split(", "))))
                .containsExactlyInAnyOrderElementsOf(fields);
    }

    @Test
    void theLineOfAStep() {
        StepResult copy = ModelRun.run(ShippedScripts.named("seed.litmus"), Policy.V5_9.rule())
                .get(5);
        assertThat(GUIDE).contains("\n    " + copy.json("\"policy\":\"v5.9\",") + "\n");
    }

    @Test
    void theScriptIsOne() {
        int from = GUIDE.indexOf("    # the seed");
        String text = GUIDE.substring(from, GUIDE.indexOf("\n\n", from)).stripIndent();
        Script script = ScriptParser.parse("guide", text);
        assertThat(script.expectations()).isNotEmpty();
        for (Policy policy : List.of(Policy.V5_9, Policy.LINUS)) {
            assertThat(Expectations.evaluate(script, policy.id(), ModelRun.run(script, policy.rule())))
                    .isEmpty();
        }
        assertThat(Expectations.evaluate(script, "wilcox", ModelRun.run(script, Policy.WILCOX.rule())))
                .isNotEmpty();
    }

    @Test
    void everySizeOfAFolio() {
        assertThat(GUIDE)
                .contains("folio       = \"folio\" ( "
                        + ScriptParser.FOLIOS.stream()
                                .map(size -> "\"" + size + "\"")
                                .collect(Collectors.joining(" | "))
                        + " )");
    }

    @Test
    void limits() throws IOException {
        MatchResult most = Documents.figures("at most (\\S+) operations, an area at most (\\S+) pages");
        assertThat(most.group(1)).isEqualTo(String.format(Locale.ROOT, "%,d", ScriptParser.MAX_STEPS));
        assertThat(most.group(2)).isEqualTo(String.format(Locale.ROOT, "%,d", ScriptParser.MAX_PAGES));
    }
}
