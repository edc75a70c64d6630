package org.cowbench.readme;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.cowbench.litmus.EntryState;
import org.cowbench.litmus.Expectations;
import org.cowbench.litmus.FolioView;
import org.cowbench.litmus.ModelRun;
import org.cowbench.litmus.Op;
import org.cowbench.litmus.Script;
import org.cowbench.litmus.ShippedScripts;
import org.cowbench.litmus.StepResult;
import org.cowbench.litmus.SwapDevice;
import org.cowbench.litmus.WriteKind;
import org.cowbench.policy.Policy;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The shipped scripts of large folios say what six kernels were seen to do (which the guide names; of a write that swaps in a
 * kernel does not show whether it copied), and the policies of their eras do it; the guide's table is what they do.
 */
class FolioScriptsTest {
    /** Eras, in the order of the guide's columns: 5.10, 6.1, 6.12, 6.18, 7.2, 7.3. */
    private static final List<Policy> ERAS =
            List.of(Policy.V5_9, Policy.V5_19, Policy.V6_11, Policy.V6_15, Policy.V7_0, Policy.V7_3);

    private static final Path FOLDER = Path.of("src/main/resources/litmus/folio");
    private static final Pattern SCENARIO = Pattern.compile("# Row (\\d+): ");

    static Stream<Script> scripts() {
        return ShippedScripts.folios().stream();
    }

    @ParameterizedTest
    @MethodSource("scripts")
    void everyEraDoesWhatItsKernelWasSeenToDo(Script script) {
        for (Policy policy : ERAS) {
            List<StepResult> results = ModelRun.run(script, policy.rule());
            assertThat(Expectations.evaluate(script, policy.id(), results))
                    .as("%s under %s", script.file(), policy.id())
                    .allSatisfy(
                            unmet -> assertThat(unmet.policy()).as(unmet.text()).isNull());
        }
    }

    /** A value that no correct kernel shows is stated by name where an era shows it. */
    @ParameterizedTest
    @MethodSource("scripts")
    void whatAnEraShowsAgainstTheScriptIsExpectedOfIt(Script script) {
        for (Policy policy : ERAS) {
            ModelRun.run(script, policy.rule()).stream()
                    .filter(StepResult::violated)
                    .forEach(result -> assertThat(script.expectations())
                            .as("%s under %s, step %d", script.file(), policy.id(), result.step())
                            .anySatisfy(each -> {
                                assertThat(each.step()).isEqualTo(result.step());
                                assertThat(each.what())
                                        .isEqualTo("=" + result.value().getAsLong());
                                assertThat(each.policies()).contains(policy.id());
                            }));
        }
    }

    @ParameterizedTest
    @MethodSource("scripts")
    void theOracleKeepsEveryPromise(Script script) {
        assertThat(ModelRun.run(script, Policy.ORACLE.rule())).noneMatch(StepResult::violated);
    }

    @Test
    void halfAFolioIsSplitOnItsWayOut() {
        Script script = ShippedScripts.folio("discard-pageout.litmus");
        for (Policy policy : ERAS) {
            assertThat(ModelRun.run(script, policy.rule()).get(2).folio().events())
                    .as(policy.id())
                    .containsEntry(FolioView.Event.SPLIT_PAGE, 1L);
        }
    }

    @Test
    void upToV519AnyButTheFirstPageOfASwappedFolioComesBackAlone() {
        Script script = ShippedScripts.folio("whole-swapin.litmus");
        for (Policy policy : ERAS) {
            FolioView neighbour = ModelRun.run(script, policy.rule()).get(5).folio();
            assertThat(neighbour.mapping() == FolioView.Mapping.BASE)
                    .as(policy.id())
                    .isEqualTo(policy == Policy.V5_9 || policy == Policy.V5_19);
        }
    }

    @Tag("slow")
    @Test
    void theTableOfTheGuide() throws IOException {
        List<List<String>> rows = new ArrayList<>();
        scripts().forEach(script -> {
            List<String> row =
                    new ArrayList<>(List.of("`" + script.file().replace(".litmus", "") + "`", scenario(script)));
            ERAS.forEach(policy -> row.add(cell(script, ModelRun.run(script, policy.rule()))));
            rows.add(row);
        });
        StringBuilder table = new StringBuilder();
        rows.forEach(row -> table.append("| ").append(String.join(" | ", row)).append(" |\n"));
        List<List<String>> guide = Documents.table("script of a large folio");
        assertThat(guide.subList(1, guide.size())).as("%n%s", table).isEqualTo(rows);
    }

    /** The number that its first line gives it, where it is one of the scenarios of LargeFolioTest; else nothing. */
    private static String scenario(Script script) {
        Matcher first = SCENARIO.matcher(Documents.text(FOLDER.resolve(script.file())));
        return first.lookingAt() ? first.group(1) : "";
    }

    /** All but 17, which is of a device that answers at once: the next test. */
    @Test
    void everyScenarioHasAScript() {
        assertThat(scripts().map(FolioScriptsTest::scenario).filter(number -> !number.isEmpty()))
                .containsAll(IntStream.rangeClosed(1, 24)
                        .filter(number -> number != 17)
                        .mapToObj(String::valueOf)
                        .toList());
    }

    @Test
    void noDevicesWriteIsLostWhereTheDeviceAnswersAtOnce() {
        for (String file : List.of("dma-clean-neighbour.litmus", "dma-clean-neighbour-pmd.litmus")) {
            Script zram = ShippedScripts.folio(file).on(SwapDevice.ZRAM);
            for (Policy policy : ERAS.subList(ERAS.indexOf(Policy.V6_11), ERAS.size())) {
                List<StepResult> results = ModelRun.run(zram, policy.rule());
                assertThat(results.getLast().value()).as("%s, %s", file, policy).hasValue(2);
                assertThat(results).as("%s, %s", file, policy).noneMatch(StepResult::violated);
            }
        }
    }

    /** What is stated of each step: the write's kind, the value; and of a pageout that a folio stays or is split. */
    private static String cell(Script script, List<StepResult> results) {
        if (results.stream().anyMatch(StepResult::skipped)) {
            return "n/a";
        }
        List<String> words = new ArrayList<>();
        for (StepResult result : results) {
            boolean stated = script.expectations().stream().anyMatch(each -> each.step() == result.step())
                    || result.operation().expected().isPresent();
            Map<FolioView.Event, Long> events = result.folio().events();
            if (stated) {
                words.add(result.writeKind()
                        .map(WriteKind::toString)
                        .orElseGet(() -> "=" + result.value().orElseThrow() + (result.violated() ? " **wrong**" : "")));
            } else if (result.operation().op() == Op.PAGEOUT && events.get(FolioView.Event.SPLIT_PAGE) > 0) {
                words.add("split");
            } else if (result.operation().op() == Op.PAGEOUT && result.after() == EntryState.PRESENT) {
                words.add("stays");
            }
        }
        return String.join(", ", words);
    }
}
