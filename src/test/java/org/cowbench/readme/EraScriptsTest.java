package org.cowbench.readme;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.cowbench.litmus.ModelRun;
import org.cowbench.litmus.Op;
import org.cowbench.litmus.Script;
import org.cowbench.litmus.ShippedScripts;
import org.cowbench.litmus.StepResult;
import org.cowbench.litmus.WriteKind;
import org.cowbench.policy.Policy;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The guide's table of the scripts that tell one era from the next. */
class EraScriptsTest {
    private static final List<Policy> ERAS = List.of(
            Policy.V5_7,
            Policy.V5_8,
            Policy.V5_9,
            Policy.V5_18,
            Policy.V5_19,
            Policy.V6_11,
            Policy.V6_15,
            Policy.V7_0,
            Policy.V7_3);

    /** Where two eras part: the first step that a kernel shows to be different. */
    private record Parting(Script script, StepResult before, StepResult after) {}

    /** Of each pair the shortest of the base pages' scripts that does, else of the folios'. */
    @Tag("slow")
    @Test
    void theScriptsThatTellTheErasApart() throws IOException {
        List<List<String>> rows = new ArrayList<>();
        for (int i = 1; i < ERAS.size(); i++) {
            Policy older = ERAS.get(i - 1);
            Policy newer = ERAS.get(i);
            Optional<Parting> base = parting(ShippedScripts.all(), older, newer);
            Optional<Parting> found = base.or(() -> parting(ShippedScripts.folios(), older, newer));
            if (found.isEmpty()) {
                rows.add(List.of("`" + older.id() + "`, `" + newer.id() + "`", "none", "", "", ""));
                continue;
            }
            Parting parting = found.get();
            rows.add(List.of(
                    "`" + older.id() + "`, `" + newer.id() + "`",
                    "`" + (base.isPresent() ? "" : "folio/")
                            + parting.script().file().replace(".litmus", "") + "`",
                    parting.before().step() + ": `"
                            + parting.before().operation().text() + "`",
                    said(parting.before()),
                    said(parting.after())));
        }
        StringBuilder table = new StringBuilder();
        rows.forEach(row -> table.append("| ").append(String.join(" | ", row)).append(" |\n"));
        List<List<String>> guide = Documents.table("eras");
        assertThat(guide.subList(1, guide.size())).as("%n%s", table).isEqualTo(rows);
    }

    private static Optional<Parting> parting(List<Script> scripts, Policy older, Policy newer) {
        return scripts.stream()
                .sorted(Comparator.comparingInt(script -> script.steps().size()))
                .flatMap(script -> parting(script, older, newer))
                .findFirst();
    }

    private static Stream<Parting> parting(Script script, Policy older, Policy newer) {
        List<StepResult> before = ModelRun.run(script, older.rule());
        List<StepResult> after = ModelRun.run(script, newer.rule());
        for (int step = 0; step < before.size(); step++) {
            if (before.get(step).skipped() || after.get(step).skipped()) {
                return Stream.empty();
            }
            if (!said(before.get(step)).equals(said(after.get(step)))) {
                return Stream.of(new Parting(script, before.get(step), after.get(step)));
            }
        }
        return Stream.empty();
    }

    /** What a kernel shows too: a value, what became of a page that was there, faults of an access. */
    private static String said(StepResult result) {
        Op op = result.operation().op();
        if (result.error() != null) {
            return result.error();
        }
        if (result.writeKind().isPresent()) {
            WriteKind kind = result.writeKind().get();
            return result.swapIn() == null ? kind.toString() : "swapin";
        }
        return (result.value().isPresent()
                        ? "=" + Long.toUnsignedString(result.value().getAsLong())
                        : "")
                + (op == Op.READ ? ", " + (result.minor() + result.major()) + " faults" : "")
                + (result.after() == null || op == Op.READ ? "" : String.valueOf(result.after()));
    }
}
