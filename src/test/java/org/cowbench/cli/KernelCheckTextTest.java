package org.cowbench.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.cowbench.kernel.FakeKernel;
import org.cowbench.kernel.KernelCheck;
import org.cowbench.kernel.KernelCheckParts;
import org.cowbench.kernel.KernelException;
import org.cowbench.policy.Policy;
import org.cowbench.result.Parts;
import org.cowbench.result.Revision;
import org.cowbench.result.Shard;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What {@code kernel check} prints, and that merged shares print what one run prints, byte for byte. */
class KernelCheckTextTest {
    private static final String LABEL = "a";

    private static KernelCheckParts.Kernel check(Policy policy, boolean pins, int length, @Nullable Shard shard) {
        KernelCheck.Limits limits = new KernelCheck.Limits(Duration.ofMinutes(10), length, 150, 7, 100, true, shard);
        FakeKernel kernel = pins ? FakeKernel.able(policy) : new FakeKernel(policy);
        return new KernelCheckParts.Kernel(LABEL, "fake", new KernelCheck(kernel, limits, text -> {}).run());
    }

    private static List<KernelCheckParts.Kernel> merged(Policy policy, boolean pins, int length, int shards) {
        Map<String, ObjectNode> parts = new LinkedHashMap<>();
        for (int index = shards; index > 0; index--) {
            ObjectNode root = Parts.object();
            Shard shard = new Shard(index, shards);
            Parts.mark(root, "1", new Revision("c0ffee", false), shard, KernelCheckCommand.COMMAND, List.of())
                    .put("status", 1);
            KernelCheckParts.write(root, List.of(check(policy, pins, length, shard)));
            parts.put("part-" + index, Parts.read("part-" + index, Parts.text(root)));
        }
        return KernelCheckParts.merge(Parts.whole(parts));
    }

    private static String text(KernelCheckParts.Kernel kernel) {
        return KernelCheckText.of(kernel, "", KernelCheckCommand.Format.text);
    }

    @Tag("slow")
    @ParameterizedTest
    @CsvSource({
        "WILCOX, true, 4, 2",
        "WILCOX, false, 5, 3",
        "WILCOX, false, 5, 7",
        "V5_7, true, 4, 3",
        "V5_8, true, 4, 3",
        "V5_9, true, 4, 5",
        "ALWAYS_REUSE, true, 4, 3",
        "ORACLE, false, 4, 2"
    })
    void mergedSharesPrintWhatOneRunPrints(Policy policy, boolean pins, int length, int shards) {
        KernelCheckParts.Kernel once = check(policy, pins, length, null);
        List<KernelCheckParts.Kernel> whole = merged(policy, pins, length, shards);
        assertThat(text(once)).contains("150 of them random");
        assertThat(text(whole.getFirst())).isEqualTo(text(once));
        assertThat(KernelCheckText.ktap(whole)).isEqualTo(KernelCheckText.ktap(List.of(once)));
    }

    @Test
    void ktapHasASubtestAPropertyAndSaysWhatWasNotAsked() {
        KernelCheckParts.Kernel pins = check(Policy.V5_9, true, 2, null);
        String ktap = KernelCheckText.ktap(List.of(pins));
        assertThat(ktap)
                .startsWith(
                        "KTAP version 1\n1..1\n    KTAP version 1\n    # Subtest: a\n    1..8\n    ok 1 isolation\n")
                .contains("\n    not ok 3 pin-coherence # ")
                .contains("\n    ok 4 crash\n")
                .contains("\n# 2 processes: every script of up to 2 steps\n")
                .contains("\nnot ok 1 a # ");
        assertThat(KernelCheckText.ktap(List.of(withoutPins())))
                .contains(
                        "\n    ok 3 pin-coherence # SKIP this kernel cannot pin\n",
                        "\n# not asked for all: long-term pins need io_uring\n")
                .endsWith("\nok 1 a # nothing found; 1 scripts, 0 of them random\n");
    }

    private static KernelCheckParts.Kernel withoutPins() {
        return new KernelCheckParts.Kernel(LABEL, "fake", report(Optional.empty()));
    }

    private static KernelCheck.Report report(Optional<KernelException> end) {
        return new KernelCheck.Report(
                1,
                1,
                0,
                1,
                List.of(new KernelCheck.Reach("2 processes", 5, 0, 0)),
                List.of(),
                0,
                List.of(),
                List.of("long-term pins need io_uring"),
                end,
                List.of());
    }

    @Test
    void anEarlyEndIsNoPass() {
        KernelException end = new KernelException(KernelException.Kind.HUNG, "no answer");
        List<KernelCheckParts.Kernel> kernels = new ArrayList<>();
        kernels.add(new KernelCheckParts.Kernel(LABEL, "fake", report(Optional.of(end))));
        assertThat(KernelCheckText.ktap(kernels)).contains("\n# ended early: no answer\nnot ok 1 a # ");
        assertThat(text(kernels.getFirst()))
                .isEqualTo("# 2 processes: every script of up to 5 steps\n# not asked for all: long-term pins need"
                        + " io_uring\n# ended early: no answer\n"
                        + "a (fake): nothing found; 1 scripts, 0 of them random\n");
    }
}
