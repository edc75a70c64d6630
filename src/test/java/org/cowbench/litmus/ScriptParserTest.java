package org.cowbench.litmus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.cowbench.policy.Policy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The script language. */
class ScriptParserTest {

    @Test
    void readsEveryOperation() {
        String text = """
            pages 2
            A write 0 18446744073709551615
            A read 0 -> 18446744073709551615
            A pageout 1
            A drain
            A fork B
            B protect 1 ro
            B protect 1 rw
            B splice 0 X
            A peek X -> 3
            A pin 0 Y
            A dma Y 4
            A unpin Y
            B dio 1 5
            A pinro 1 Z
            A discard 0
            A reclaim 1
            A writeout 1
            B stall
            A resume
            B exit
            """;
        Script script = ScriptParser.parse("all.litmus", text);
        assertThat(script.text()).isEqualTo(text);
        assertThat(script.steps())
                .extracting(Step::op)
                .contains(Stream.of(Op.values()).filter(op -> !op.ofFolios()).toArray(Op[]::new));
        assertThat(script.processes()).containsExactly("A", "B");
        assertThat(script.references()).containsExactly("X", "Y", "Z");
        assertThat(script.steps().get(4).line()).isEqualTo(6);
    }

    @Test
    void readsEveryOperationOfALargeFolio() {
        String text = """
            folio 64
            A write 0-15 1
            A read 3-4 -> 1
            A split
            A keep 0-7
            A share 7
            A fork B
            B pin 8-15 X
            B dma X.9 2
            B peek X.9 -> 2
            B peek X
            B unpin X
            A protect 0-3 ro
            A reclaim 0-15
            A collapse
            A move 4-15
            A discard 0-15
            """;
        Script script = ScriptParser.parse("folio.litmus", text);
        assertThat(script.text()).isEqualTo(text);
        assertThat(script.steps())
                .extracting(Step::op)
                .contains(Stream.of(Op.values()).filter(Op::ofFolios).toArray(Op[]::new));
        assertThat(script.folio()).isEqualTo(64);
        assertThat(script.pages()).isEqualTo(16);
        assertThat(script.references()).containsExactly("X");
        assertThat(script.steps().get(7).part()).isEqualTo(9);
        assertThat(script.steps().get(9).part()).isEqualTo(Step.FIRST);
    }

    @Test
    void allPagesAreARangeAndConditionsMayNameSome() {
        Script script =
                ScriptParser.parse("f", "folio 2048\nA write all 1\nA pin all X\nA 4-511 = 1\nX.7 = 1\nX.8=1\n");
        assertThat(script.text())
                .isEqualTo("folio 2048\nA write 0-511 1\nA pin 0-511 X\nA read 4-511 -> 1\n"
                        + "A peek X.7 -> 1\nA peek X.8 -> 1\n");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
        folio 8;A exit           | f:1: folio 8; no kernel has folios of that size, expected one of 16, 32, 64, 128
        folio 4096;A exit        | f:1: folio 4096; no kernel has folios of that size
        folio x                  | f:1: 'x'; expected the size of a folio in KiB
        folio                    | f:1: the line ends; expected the size of a folio in KiB
        folio 16;A writeout 0    | f:2: 'writeout' is of scripts of base pages; expected 'pages N' instead of 'folio K'
        folio 16;A stall         | f:2: 'stall' is of scripts of base pages; expected 'pages N' instead of 'folio K'
        folio 16;pages 4         | f:2: 'pages' again; expected one 'pages' or 'folio', before the first operation
        pages 4;folio 16         | f:2: 'folio' again; expected one 'pages' or 'folio'
        A exit;folio 16          | f:2: 'folio' again; expected one 'pages' or 'folio'
        folio 16;A write 4 1     | f:2: page 4; expected 0 to 3 ('folio 16' is the area's size)
        folio 16;A write 2-4 1   | f:2: page 4; expected 0 to 3 ('folio 16' is the area's size)
        folio 16;A write 2-1 1   | f:2: pages 2-1; expected the first one first
        folio 16;A write 2- 1    | f:2: ''; expected a page
        folio 16;A read 1-x      | f:2: 'x'; expected a page
        folio 16;A splice all X  | f:2: 'all'; expected one page, as splice takes no more
        folio 16;A dio 0-1 2     | f:2: '0-1'; expected one page, as dio takes no more
        pages 4;A write all 1    | f:2: 'all'; expected one page, as only a script of one large folio ('folio K')
        pages 4;A discard 0-1    | f:2: '0-1'; expected one page, as only a script of one large folio ('folio K')
        pages 4;A split          | f:2: 'split' is of scripts of one large folio; expected 'folio K' before the first
        A collapse               | f:1: 'collapse' is of scripts of one large folio; expected 'folio K' before
        folio 16;A pin 0-1 X;A peek X.2   | f:3: 'X.2'; page 2 is not among those that X was taken of: {0, 1}
        folio 16;A pin 0-1 X;A dma X.x 1  | f:3: 'x'; expected a page
        folio 16;A pin 0-1 X;A unpin X.1  | f:3: 'X.1'; expected 'X', as a pin goes with all its pages
        folio 16;A pin 0-1 X;X.3 = 1      | f:3: 'X.3'; page 3 is not among those
        folio 16;A pin 0 X;X.0 = 1;X.0 = 1 | f:4: 'X =' again; expected it once
        A pin 0 X;A peek X.0     | f:2: 'X.0'; expected 'X', as only in a script of one large folio ('folio K') it has
        """)
    void errorsOfLargeFoliosSayWhatThereIs(String lines, String message) {
        assertThatThrownBy(() -> ScriptParser.parse("f", lines.replace(';', '\n')))
                .isInstanceOf(ScriptException.class)
                .hasMessageStartingWith(message);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
        A wirte 0 1              | s:1: unknown operation 'wirte'; expected one of write, read
        A write 1 1              | s:1: page 1; expected 0 ('pages 1' is the area's size)
        A write 0                | s:1: the line ends; expected a value
        A write 0 -1             | s:1: '-1'; expected a value, an unsigned decimal number
        A write 0 x              | s:1: 'x'; expected a value, an unsigned decimal number
        B read 0                 | s:1: process 'B' does not exist yet; expected one of A, or 'pages N'
        A read 0 1               | s:1: '1' is too much; expected the end of the line
        A dio 0                  | s:1: the line ends; expected a value
        A dio 0 1 -> 1           | s:1: '->' after dio; expected it only after read and peek
        A write 0 1 -> 1         | s:1: '->' after write; expected it only after read and peek
        A peek X                 | s:1: 'X' is neither a pipe nor a pin yet; expected a splice, pin or pinro
        A protect 0 rx           | s:1: 'rx'; expected ro or rw
        A fork 9                 | s:1: '9'; expected the name of the child
        pages 0                  | s:1: pages 0; expected 1 to 65536
        "# nothing"                | s:1: no operation in this script; expected at least one
        A                        | s:1: the line ends; expected an operation
        "#expect 0 maybe: v5.9"    | s:1: '#expect 0 maybe: v5.9'; expected '#expect STEP copy|reuse|quiet|new|=VALUE
        A write 0 1 #expect 0    | s:1: '#expect 0'; expected '#expect STEP copy|reuse|quiet|new|=VALUE
        "# expect 0 copy: v5.9"    | s:1: '# expect 0 copy: v5.9'; expected '#expect STEP
        "#Expect 0 copy: v5.9"     | s:1: '#Expect 0 copy: v5.9'; expected '#expect STEP
        "#expect 0 copy: v5.9,v4"  | s:1: unknown policy 'v4'; known: v5.7, v5.8
        "#expect 0 =99999999999999999999: all" | s:1: '99999999999999999999'; expected a value of 64 bits
        A = 1                    | s:1: 'A' is neither a pipe nor a pin yet; expected a splice, pin or pinro
        B 0 = 1                  | s:1: process 'B' does not exist yet; expected one of A
        A 1 = 1                  | s:1: page 1; expected 0
        A 0 = x                  | s:1: 'x'; expected a value, an unsigned decimal number
        A 0 =                    | s:1: the line ends; expected a value
        A 0 == 1                 | s:1: '='; expected a value
        A 0 = 1                  | s:1: no operation in this script; expected at least one
        """)
    void errorsNameFileLineAndWhatWasExpected(String text, String message) {
        assertThatThrownBy(() -> ScriptParser.parse("s", text))
                .isInstanceOf(ScriptException.class)
                .hasMessageStartingWith(message)
                .hasMessageNotContaining("\n");
    }

    @Test
    void theLineIsTheFilesLine() {
        assertThatThrownBy(() -> ScriptParser.parse("f.litmus", "# one\n\nA write 0 1\r\nA raed 0\n"))
                .hasMessageStartingWith("f.litmus:4: unknown operation 'raed'");
        assertThatThrownBy(() -> ScriptParser.parse("f", "A write 0 1\npages 2\n"))
                .hasMessageContaining("f:2:");
        assertThatThrownBy(() -> ScriptParser.parse("f", "A write 0 1\n#expect 1 copy: v5.9\n"))
                .hasMessageContaining("#expect names step 1; the script has steps 0 to 0");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
        "#expect 2 copy: v5.9"     | f:1: #expect names step 2; the script has steps 0 to 1
        "#expect 0 =1: all"        | f:1: #expect 0 =1, and step 0 is 'A write 0 1'; expected a read or a peek
        "#expect 1 copy: all"      | f:1: #expect 1 copy, and step 1 is 'A exit'; expected a write or a dio
        """)
    void anExpectationThatNothingCanMeetIsNamedWithItsLine(String expectation, String message) {
        assertThatThrownBy(() -> ScriptParser.parse("f", expectation + "\n\nA write 0 1\nA exit\n"))
                .isInstanceOf(ScriptException.class)
                .hasMessage(message);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
        A 0 = 1;A read 0         | f:4: an operation after a final condition; expected no more than conditions from line 3
        B 0 = 1;B 0 = 1          | f:3: process 'B' does not exist yet; expected one of A
        A 0 = 1 2                | f:3: '2' is too much; expected the end of the line
        X = 1;X = 1              | f:4: 'X =' again; expected it once
        """)
    void finalConditionsStandAtTheEnd(String lines, String message) {
        assertThatThrownBy(() -> ScriptParser.parse("f", "A write 0 1\nA splice 0 X\n" + lines.replace(';', '\n')))
                .isInstanceOf(ScriptException.class)
                .hasMessageStartingWith(message);
    }

    @Test
    void finalConditionsAreLookedAtByThoseWhoLive() {
        Script script = ScriptParser.parse("f", "A write 0 1\nA fork B\nA splice 0 X\nA exit\nB 0=1\nX = 1\n");
        assertThat(script.steps().subList(4, 6))
                .extracting(Step::toString)
                .containsExactly("B read 0 -> 1", "B peek X -> 1");
        assertThat(script.steps().get(5).line()).isEqualTo(6);
        assertThatThrownBy(() -> ScriptParser.parse("f", "A write 0 1\nA fork B\nA exit\nA 0 = 1\n"))
                .hasMessage("f:4: process 'A' has gone before the end");
        assertThatThrownBy(() -> ScriptParser.parse("f", "A splice 0 X\nA exit\nX = 1\n"))
                .hasMessage("f:3: no process is left to look into 'X'");
    }

    @Test
    void aByteOrderMarkIsNoPartOfAScript() {
        byte[] marked = "\uFEFFA write 0 1\n".getBytes(StandardCharsets.UTF_8);
        assertThat(ScriptParser.parse("f", marked).steps()).hasSize(1);
    }

    @Test
    void whatDoesNotPrintIsEscapedInMessages() {
        assertThatThrownBy(() -> ScriptParser.parse("f\033[2J", "A write 0 1\nA\0 rea\u202Ed\n"))
                .hasMessageStartingWith("f\\u001b[2J:2: 'A\\u0000'; expected a process");
        assertThatThrownBy(() -> ScriptParser.parse("f", "A write 0 1\nA re\u202Ead\n"))
                .hasMessageStartingWith("f:2: unknown operation 're\\u202ead'");
    }

    @Test
    void whatIsNoUtf8IsNamedWithItsLine() {
        assertThatThrownBy(() -> ScriptParser.parse("f", new byte[] {'A', '\n', '#', (byte) 0xe4, '\n'}))
                .hasMessage("f:2: not a text file in UTF-8");
        assertThatThrownBy(() -> ScriptParser.parse("f", "A write 0 1\n".getBytes(StandardCharsets.UTF_16)))
                .hasMessage("f:1: not a text file in UTF-8");
        assertThatThrownBy(() -> ScriptParser.parse("f", new byte[] {'#', (byte) 0xc3}))
                .hasMessage("f:1: not a text file in UTF-8");
    }

    @Test
    void linesAreThoseOfAnEditor() {
        assertThatThrownBy(() -> ScriptParser.parse("f", "# a form feed\f and a \u2028 are no ends\r\nA raed 0\n"))
                .hasMessageStartingWith("f:2:");
    }

    @Test
    void resultsAreTheFixedJson() {
        Script seed = ShippedScripts.named("seed.litmus");
        List<StepResult> results = ModelRun.run(seed, Policy.V5_9.rule());
        assertThat(results.get(4).json(""))
                .isEqualTo(
                        "{\"file\":\"seed.litmus\",\"step\":4,\"op\":\"A read 0\","
                            + "\"before\":\"swapped\",\"after\":\"present\",\"frame\":\"-\",\"minor\":1,\"major\":0,\"value\":1}");
        assertThat(results.get(2).json("")).isEqualTo("{\"file\":\"seed.litmus\",\"step\":2,\"op\":\"A drain\"}");
        List<StepResult> broken = ModelRun.run(seed, Policy.WILCOX.rule());
        assertThat(broken.get(6).violated()).isTrue();
        assertThat(broken.get(6).json("")).endsWith("\"value\":2,\"expected\":1}");
    }

    @Test
    void aScriptAsksForCounters() {
        String text = "pages 1\ncount copies drains slots\nA write 0 1\nA pageout 0\nA fork B\nB write 0 2\n";
        Script script = ScriptParser.parse("f", text);
        assertThat(script.counters()).containsExactly(StepCounter.COPIES, StepCounter.DRAINS, StepCounter.SLOTS);
        assertThat(script.text()).isEqualTo(text);
        List<StepResult> results = ModelRun.run(script, Policy.V5_18.rule());
        assertThat(results.get(2).json("")).endsWith("\"op\":\"A fork B\",\"slots\":1}");
        // A copy that entry and frame do not show.
        assertThat(results.get(3).json(""))
                .endsWith("\"frame\":\"-\",\"minor\":1,\"major\":0,\"copies\":1,\"drains\":1,\"slots\":1}");
        assertThat(Expectations.evaluate(
                        ScriptParser.parse("f", text + "#expect 3 drains=2: all\n#expect 3 drains = 1: v5.18"),
                        "v5.18",
                        results))
                .singleElement()
                .satisfies(unmet -> assertThat(unmet.text())
                        .isEqualTo(
                                "f:7: step 3, 'B write 0 2': drains=1; expected drains=2, as #expect says of v5.18"));
        assertThat(ScriptParser.parse("f", "A fork count\ncount write 0 1").counters())
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "count|the line ends; expected a counter: copies, drains, tlb, swapcache, slots",
                "count drain|no counter 'drain'; expected one of copies, drains, tlb, swapcache, slots",
                "count tlb tlb|'tlb' twice; expected each counter once",
                "A write 0 1;count tlb|'count' again; expected one before the first operation",
                "A write 0 1;#expect 0 tlb=0: all|nothing counts that; expected 'count tlb' before the first operation",
                "count tlb;A fork B;#expect 0 tlb=0: all|and step 0 is 'A fork B'; expected a read or a write",
                "count tlb;A write 0 1;#expect 0 flush=0: all|no counter 'flush'; expected one of copies, drains",
            })
    void whatCannotBeCountedIsAnError(String lines, String problem) {
        assertThatThrownBy(() -> ScriptParser.parse("f", lines.replace(';', '\n')))
                .isInstanceOf(ScriptException.class)
                .hasMessageContaining(problem);
    }

    @Test
    void resultsOfALargeFolioSayWhatBecameOfIt() {
        Script script = ScriptParser.parse("f", """
            folio 2048
            A write all 1
            A fork B
            A write 1 2
            A read 0-1
            A drain
            A pin 4-5 X
            A dma X.5 3
            A peek X.5 -> 3
            A unpin X
            A peek X -> 1
            """);
        List<StepResult> results = ModelRun.run(script, Policy.V7_3.rule());
        assertThat(results.getFirst().json(""))
                .isEqualTo(
                        "{\"file\":\"f\",\"step\":0,\"op\":\"A write 0-511 1\","
                            + "\"before\":\"none\",\"after\":\"present\",\"frame\":\"-\",\"minor\":1,\"major\":0,\"folio\":\"pmd\","
                            + "\"order\":9,\"cached\":false,\"split_pmd\":0,\"split_page\":0,\"swpout\":0,\"swpout_fallback\":0}");
        assertThat(results.get(2).json(""))
                .contains(
                        "\"frame\":\"changed\"",
                        "\"folio\":\"base\",\"order\":0,",
                        "\"split_pmd\":1,\"split_page\":0,");
        assertThat(results.get(3).json(""))
                .contains("\"frame\":\"same\"", "\"folio\":\"part\",\"order\":9,")
                .doesNotContain("value");
        assertThat(results.get(4).json(""))
                .isEqualTo("{\"file\":\"f\",\"step\":4,\"op\":\"A drain\",\"split_pmd\":0,"
                        + "\"split_page\":0,\"swpout\":0,\"swpout_fallback\":0}");
        assertThat(results)
                .extracting(StepResult::error)
                .containsExactly(null, null, null, null, null, null, null, null, null, "empty");
        assertThat(results.get(7).violated()).isFalse();
    }

    @Test
    void aKernelWithoutFoliosOfTheSizeSkips() {
        Script script = ScriptParser.parse("f", "folio 64\nA write all 1\n");
        StepResult result = ModelRun.run(script, Policy.V5_19.rule()).getFirst();
        assertThat(result.skipped()).isTrue();
        assertThat(result.skipReason())
                .isEqualTo("this kernel has no folios of 64 KiB: less than 2048 is of v6.8 and newer");
        assertThat(ModelRun.run(script, Policy.V6_11.rule()).getFirst().folio().order())
                .isEqualTo(4);
    }

    /** As on the kernel: left out with its reason, not an error of the system call. */
    @Test
    void aCollapseOfAnEraWithoutItIsSkipped() {
        Script script = ScriptParser.parse("f", "folio 2048\nA write all 1\nA split\nA collapse\n");
        StepResult old = ModelRun.run(script, Policy.V5_9.rule()).getLast();
        assertThat(old.skipped()).isTrue();
        assertThat(old.skipReason()).isEqualTo("needs MADV_COLLAPSE of v6.1 or newer");
        assertThat(ModelRun.run(script, Policy.V5_19.rule()).getLast().error()).isNull();
    }

    @Test
    void aCollapseThatIsDeclinedIsNoFinding() {
        Script script = ScriptParser.parse("f", "folio 2048\nA write all 1\nA split\nA fork B\nA collapse\n");
        StepResult declined = ModelRun.run(script, Policy.V6_11.rule()).get(3);
        assertThat(declined.error()).isEqualTo("madvise: errno 22");
        assertThat(declined.broken()).isFalse();
        assertThat(ModelRun.run(script, Policy.V6_15.rule()).get(3).error()).isNull();
    }

    @Test
    void stepsThatCannotBeDoneSayWhy() {
        Script script = ScriptParser.parse("errors", """
            A fork B
            B exit
            B read 0
            A protect 0 ro
            A write 0 1
            A dio 0 1
            B dio 0 1
            A pin 0 X
            A read 0 -> 0
            A splice 0 X
            A splice 0 X
            A unpin X
            A peek X -> 0
            A peek X
            A pinro 0 Y
            A dma Y 1
            A fork A
            """);
        List<StepResult> results = ModelRun.run(script, Policy.V6_11.rule());
        assertThat(results)
                .extracting(StepResult::error)
                .containsExactly(
                        null,
                        null,
                        "gone",
                        null,
                        "segv",
                        "efault",
                        "gone",
                        "efault",
                        null,
                        null,
                        "busy",
                        "empty",
                        null,
                        "empty",
                        null,
                        "readonly",
                        "exists");
        assertThat(results.get(2).json(""))
                .isEqualTo("{\"file\":\"errors\",\"step\":2,\"op\":\"B read 0\",\"error\":\"gone\"}");
    }
}
