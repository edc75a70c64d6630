package org.cowbench.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.cowbench.litmus.EntryState;
import org.cowbench.litmus.FrameChange;
import org.cowbench.litmus.ModelRun;
import org.cowbench.litmus.Op;
import org.cowbench.litmus.Refusal;
import org.cowbench.litmus.Script;
import org.cowbench.litmus.ScriptParser;
import org.cowbench.litmus.StepCounter;
import org.cowbench.litmus.StepResult;
import org.cowbench.litmus.SwapDevice;
import org.cowbench.policy.Policy;
import org.cowbench.result.Situation;
import org.junit.jupiter.api.Test;

/** The probe's words and the model's: where they differ, every kernel would seem to. */
class ProbeWordsTest {
    private static final Pattern WORD = Pattern.compile("\"([^\"]*)\"");

    private static List<String> table(String name) throws IOException {
        return words(Pattern.quote(name) + "[^=;]*= \\{(.*?)\\};");
    }

    /** The strings in the first group of what a pattern finds in the probe's source. */
    private static List<String> words(String pattern) throws IOException {
        Matcher found = Pattern.compile(pattern, Pattern.DOTALL)
                .matcher(String.join("\n", ProbeBinary.sources().values()));
        assertThat(found.find()).as(pattern).isTrue();
        return WORD.matcher(found.group(1)).results().map(word -> word.group(1)).toList();
    }

    private static List<String> constants(Object[] constants) {
        return Stream.of(constants).map(Object::toString).toList();
    }

    @Test
    void entriesFramesAndRefusalsAreSpelledAlikeInTheSameOrder() throws IOException {
        assertThat(table("entry_states")).isEqualTo(constants(EntryState.values()));
        assertThat(table("frame_changes")).isEqualTo(constants(FrameChange.values()));
        assertThat(table("refusals")).isEqualTo(constants(Refusal.values()));
        assertThat(table("swap_devices")).isEqualTo(constants(SwapDevice.values()));
    }

    /** A row is a word and the function whose calls are counted, or the empty string. */
    @Test
    void countersAreSpelledAlikeInTheSameOrder() throws IOException {
        List<String> rows = words("\\} counters\\[\\] = \\{(.*?)\\n\\};");
        assertThat(IntStream.range(0, rows.size() / 2)
                        .mapToObj(row -> rows.get(2 * row))
                        .toList())
                .isEqualTo(constants(StepCounter.values()));
    }

    @Test
    void whatAKernelCannotDoIsSkipped() throws IOException {
        String missing = words("#define UNAVAILABLE ([^\\n]*)").getFirst() + ": needs io_uring";
        StepResult result = new StepResult(
                "x",
                0,
                ScriptParser.parse("x", "A pin 0 X").steps().getFirst(),
                null,
                null,
                null,
                0,
                0,
                OptionalLong.empty(),
                missing);
        assertThat(result.skipped()).isTrue();
        assertThat(result.broken()).isFalse();
    }

    /** What large folios lack is said with what to do about it, and is skipped; the model says the same of the same. */
    @Test
    void whatAKernelLacksForFoliosNamesTheRemedy() throws IOException {
        Map<String, String> remedies = Map.of(
                "NO_HUGE",
                "CONFIG_TRANSPARENT_HUGEPAGE",
                "NO_SETTINGS",
                "be root",
                "NO_SWAP_FILE",
                "swapon a partition",
                "NO_ROTATING",
                "queue/rotational",
                "NO_ZSWAP",
                "zswap.enabled=0",
                "NO_MEMORY",
                "compact_memory",
                "NO_ZRAM",
                "CONFIG_ZRAM",
                "NO_COMPRESSOR",
                "lzo-rle, lz4, lzo, zstd");
        String sources = String.join("\n", ProbeBinary.sources().values());
        remedies.forEach((name, remedy) -> {
            Matcher message = Pattern.compile("#define " + name + " UNAVAILABLE ((?:[^\\n]*\\\\\\n)*[^\\n]*)")
                    .matcher(sources);
            assertThat(message.find()).as(name).isTrue();
            assertThat(message.group(1)).as(name).contains(remedy);
        });
        Script small = ScriptParser.parse("x", "folio 64\nA write 0 1");
        String lacking = ModelRun.run(small, Policy.V5_9.rule()).getFirst().skipReason();
        assertThat(sources)
                .contains(lacking.substring(0, lacking.indexOf("64")), lacking.substring(lacking.indexOf("64") + 2));
        Script collapse = ScriptParser.parse("x", "folio 2048\nA write 0 1\nA collapse");
        assertThat(sources)
                .contains(ModelRun.run(collapse, Policy.V5_9.rule()).getLast().skipReason());
    }

    @Test
    void withoutSwapTheModelSaysWhatTheProbeSays() throws IOException {
        Script none = ScriptParser.parse("x", "swap none\nA write 0 1\nA pageout 0\nA reclaim 0");
        List<StepResult> results = ModelRun.run(none, Policy.V6_11.rule());
        assertThat(results).extracting(StepResult::skipped).containsExactly(false, true, true);
        assertThat(results.getLast().error())
                .isEqualTo(words("#define UNAVAILABLE ([^\\n]*)").getFirst()
                        + words("#define NO_SWAP UNAVAILABLE ([^\\n]*)").getFirst());
    }

    @Test
    void ofADeviceThatHoldsNothingTheModelSaysWhatTheProbeSays() throws IOException {
        Script zram = ScriptParser.parse("x", "swap zram\nA write 0 1\nA writeout 0\nA stall\nA resume");
        String reason = words("#define HOLDS_NOTHING UNAVAILABLE ([^\\n]*)").getFirst();
        assertThat(ModelRun.run(zram, Policy.V6_11.rule()).subList(1, 4))
                .allSatisfy(result -> assertThat(": " + result.skipReason()).isEqualTo(reason));
        assertThat(words("#define NO_HOLD UNAVAILABLE ((?:[^\\n]*\\\\\\n)*[^\\n]*)"))
                .anySatisfy(text -> assertThat(text).contains("CONFIG_BLK_DEV_THROTTLING"));
    }

    @Test
    void aStaleTranslationIsKnown() throws IOException {
        String stale = words("#define STALE ([^\\n]*)").getFirst() + ": CPU 0 still sees 1";
        StepResult result = new StepResult(
                "x",
                0,
                ScriptParser.parse("x", "A write 0 2").steps().getFirst(),
                null,
                null,
                null,
                0,
                0,
                OptionalLong.empty(),
                stale);
        assertThat(result.broken()).isTrue();
        assertThat(Harm.ofError(result, false)).isEqualTo(Harm.STALE);
        assertThat(Harm.STALE.harms()).isTrue();
    }

    /** A guest is asked for a situation by its steps. */
    @Test
    void stepsOfASituationAreOperations() {
        // Of some pages of each folio they have a word more.
        assertThat(Stream.of(Op.values()).map(Op::word))
                .containsAll(Stream.of(Situation.Step.values())
                        .map(step -> step.word().split("-")[0])
                        .toList());
    }

    @Test
    void operationsAndTheirOperandsAreSpelledAlikeInTheSameOrder() throws IOException {
        assertThat(table(" operations[]"))
                .isEqualTo(Stream.of(Op.values())
                        .flatMap(op -> Stream.of(op.word(), op.operands()))
                        .toList());
    }
}
