package org.cowbench.review;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import org.cowbench.compare.CompareOptions;
import org.cowbench.kernel.FakeKernel;
import org.cowbench.kernel.GuestOptions;
import org.cowbench.kernel.KernelException;
import org.cowbench.kernel.KernelImage;
import org.cowbench.kernel.KernelSession;
import org.cowbench.kernel.Packages;
import org.cowbench.policy.Policy;
import org.cowbench.report.review.ReviewHtml;
import org.cowbench.report.review.ReviewJson;
import org.cowbench.report.review.ReviewKtap;
import org.cowbench.report.review.ReviewText;
import org.cowbench.result.RunInfo;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A review of kernels that are policies of the model. */
@Tag("slow")
class ReviewRunTest {
    /** What half a second does not reach, the scripts do that come with cowbench. */
    private static final ReviewLimits LIMITS = new ReviewLimits(0.5, 20, 4, 8, 2, 1);

    private static final GuestOptions OPTIONS = GuestOptions.scripts(Map.of());

    @TempDir
    private Path folder;

    private final List<ReviewPart> told = new ArrayList<>();

    private KernelImage image(String release) throws IOException {
        return KernelImage.of(Files.write(folder.resolve(release), Packages.bzImage(release)), null);
    }

    private ReviewPlan plan(String head) throws IOException {
        return new ReviewPlan(
                ReviewPlan.SCHEMA,
                ReviewPlan.Kernel.of(image("5.10.1"), ""),
                ReviewPlan.Kernel.of(image(head), ""),
                false,
                List.of("[PATCH] mm: one"),
                List.of("mm/hugetlb.c"),
                false,
                LIMITS,
                "");
    }

    private static ReviewRun.Guests guests(Supplier<KernelSession> base, Supplier<KernelSession> head) {
        return new ReviewRun.Guests() {
            @Override
            public <T> T both(GuestOptions options, BiFunction<KernelSession, KernelSession, T> question) {
                return question.apply(base.get(), head.get());
            }
        };
    }

    private Review review(ReviewPlan plan, ReviewRun.Guests guests) throws IOException {
        RunInfo info = new RunInfo(
                RunInfo.SCHEMA,
                "",
                "abc",
                false,
                List.of("review"),
                0,
                "kernel",
                "2026-01-02T03:04:05Z",
                0,
                false,
                new TreeMap<>(),
                List.of(),
                List.of());
        try (ReviewFolder open = ReviewFolder.open(folder.resolve("review"), plan)) {
            Parts parts = new ReviewRun(plan, open, guests, (part, text, left) -> {
                        assertThat(left).isBetween(0.0, 3600.0);
                        told.add(part);
                    })
                    .run(
                            OPTIONS,
                            new ReviewRun.Measuring(OPTIONS, info, image("5.10.1"), image("5.10.2")),
                            Optional.empty());
            return ReviewJudge.of(plan, parts, CompareOptions.NONE);
        }
    }

    private static void fits(String page) {
        assertThat(page.lines())
                .allSatisfy(line -> assertThat(line.length()).as(line).isLessThanOrEqualTo(72));
    }

    @Test
    void saysWhatWilcoxRuleIntroduces() throws IOException {
        ReviewPlan plan = plan("5.10.2");
        Review review = review(plan, guests(() -> FakeKernel.able(Policy.V5_9), () -> FakeKernel.able(Policy.WILCOX)));
        assertThat(review.verdict()).isEqualTo(Review.Verdict.ADDS);
        assertThat(review.safety().orElseThrow().introduces()).singleElement().satisfies(each -> {
            assertThat(each.shown().what()).isEqualTo("isolation");
            assertThat(each.shown().known()).startsWith("counterexample of 13 January 2022");
            assertThat(each.shown().script().lines()).hasSizeLessThanOrEqualTo(8);
            assertThat(each.kept()).isFalse();
        });
        assertThat(review.safety().orElseThrow().removes()).isEmpty();
        assertThat(review.parts().identify().orElseThrow().head().words()).startsWith("follows wilcox (all ");
        assertThat(review.parts().identify().orElseThrow().head().surprising()).isTrue();
        assertThat(review.parts().litmus().orElseThrow().scripts())
                .filteredOn(LitmusPart.Outcome::worse)
                .extracting(LitmusPart.Outcome::script)
                .contains("seed.litmus");
        String page = ReviewText.of(review);
        fits(page);
        assertThat(page)
                .contains(
                        "\nsafety: introduces a violation of isolation; keeps ",
                        "\nbehaviour: head reuses where base copies in ",
                        "value is right in the base, leak in the",
                        "introduces a violation of isolation: counterexample of 13 January 2022",
                        "keeps a violation of pin-coherence: stale pin of the zero page",
                        "    A pageout 0\n",
                        "# memory shows 2, not 1",
                        "faster, copies a page 1 -> 0",
                        "the same within 1 %: ");
        assertThat(page.replaceAll("\\s+", " "))
                .contains(
                        "- changed and not compiled, unless --enable OPTION takes it in: mm/hugetlb.c",
                        "never the other way",
                        "0 not decided; most: writeAfterRead -33.4%",
                        "on both: no folios",
                        "writeAfterRead 2996 1996 -33.4% [-33.4, -33.4]");
        assertThat(ReviewKtap.of(review))
                .contains(
                        "not ok 1 introduces a violation of isolation: counterexample of 13 January 2022",
                        "\nnot ok 1 safety # introduces a violation of isolation\n",
                        "\nok 3 behaviour # head reuses where base copies");

        JsonNode json = new ObjectMapper().readTree(ReviewJson.of(review));
        assertThat(json.path("verdict").asText()).isEqualTo("adds");
        assertThat(json.at("/safety/introduces/0/what").asText()).isEqualTo("isolation");
        assertThat(json.path("cost"))
                .hasSize(5)
                .anySatisfy(row -> assertThat(row.path("ratio").asDouble()).isLessThan(0.7));
        assertThat(json.path("ended").isNull()).isTrue();
        ReviewHtml.write(review, folder.resolve("review"), line -> {});
        assertThat(Files.readString(folder.resolve("review/index.html")))
                .contains("Introduces a violation of isolation: counterexample of 13 January 2022", "<svg");

        // The same again asks no kernel.
        assertThat(told)
                .contains(ReviewPart.IDENTIFY, ReviewPart.DIFF, ReviewPart.LITMUS, ReviewPart.CHECK, ReviewPart.BENCH);
        Supplier<KernelSession> none = () -> {
            throw new AssertionError("asked again");
        };
        assertThat(ReviewText.of(review(plan, guests(none, none)))).isEqualTo(page);
        // What is not there is done again, and nothing else.
        Files.delete(folder.resolve("review/litmus.json"));
        told.clear();
        review(plan, guests(() -> FakeKernel.able(Policy.V5_9), () -> FakeKernel.able(Policy.WILCOX)));
        assertThat(told).containsOnly(ReviewPart.LITMUS);
        // Other kernels are another review.
        assertThatThrownBy(() -> review(plan("5.10.3"), guests(none, none)))
                .isInstanceOf(KernelException.class)
                .hasMessageContaining("is the review of other kernels");
    }

    @Test
    void aKernelAgainstItselfDiffersInNothing() throws IOException {
        Review review =
                review(plan("5.10.1"), guests(() -> FakeKernel.able(Policy.V5_9), () -> FakeKernel.able(Policy.V5_9)));
        assertThat(review.verdict()).isEqualTo(Review.Verdict.NOTHING_ADDED);
        String page = ReviewText.of(review);
        fits(page);
        assertThat(page)
                .contains(
                        "Both are the same kernel.",
                        "behaviour: nothing behaves differently",
                        "No row is called different.",
                        "introduces nothing that was found",
                        "cost: 0 rows slower, 0 faster, 5 the same within 1 %, 0 not decided")
                .doesNotContain("\nremoves ");
        assertThat(ReviewKtap.of(review).lines()).noneMatch(line -> line.strip().startsWith("not ok"));
    }

    /** Barry Song's series for v7.3: entries, frames and faults stay as they are. */
    @Test
    void aDrainThatIsSavedIsTold() throws IOException {
        Review review =
                review(plan("5.10.2"), guests(() -> FakeKernel.able(Policy.V7_0), () -> FakeKernel.able(Policy.V7_3)));
        assertThat(review.verdict()).isEqualTo(Review.Verdict.NOTHING_ADDED);
        String page = ReviewText.of(review);
        fits(page);
        assertThat(page).contains("    count drains\n", "cost: 0 rows slower, 0 faster, 5 the same within 1 %");
        assertThat(page.replaceAll("\\s+", " "))
                .contains(
                        " behaviour: head copies and reuses as base does; head has fewer LRU drains in ",
                        "write, swapped before: LRU drains are 1 in the base, 0 in the head (counters, in ",
                        "# here");
    }

    @Test
    void thePageCallsKernelsBaseAndHead() throws IOException {
        ReviewPlan plan = plan("5.10.2");
        String head = plan.head().source() + " (5.10.2)";
        assertThat(plan.named(head + " crashed")).isEqualTo("the head crashed");
        assertThat(plan.named(plan.base().source() + " (5.10.1) hung")).isEqualTo("the base hung");
        assertThat(plan.placed(head + " crashed")).isEqualTo("the head, " + head + " crashed");
    }

    @Test
    void aFixRemovesWhatItCloses() throws IOException {
        Review review = review(
                plan("5.10.2"), guests(() -> FakeKernel.able(Policy.WILCOX), () -> FakeKernel.able(Policy.V5_19)));
        assertThat(review.verdict()).isEqualTo(Review.Verdict.NOTHING_ADDED);
        assertThat(review.safety().orElseThrow().removes())
                .extracting(each -> each.shown().what())
                .contains("isolation");
        assertThat(ReviewText.of(review))
                .contains("removes a violation of isolation", "introduces nothing that was found");
    }

    /** It dies of the scripts of the check, so that no more can be asked. */
    @Test
    void aKernelThatCannotBeAskedAnyMoreIsAFinding() throws IOException {
        ReviewPlan plan = plan("5.10.2");
        ReviewPlan.Kernel head = plan.head();
        Supplier<KernelSession> dies = () -> FakeKernel.able(Policy.V5_9).saying(run -> {
            if (run.script().file().startsWith("scope-")) {
                throw new KernelException(
                        KernelException.Kind.KERNEL, head.source() + " (5.10.2) did not survive 20 scripts");
            }
            return run;
        });
        Review review = review(plan, guests(() -> FakeKernel.able(Policy.V5_9), dies));
        assertThat(review.verdict()).isEqualTo(Review.Verdict.ADDS);
        assertThat(review.missing()).containsExactly(ReviewPart.CHECK, ReviewPart.BENCH);
        assertThat(ReviewText.of(review))
                .contains(
                        "ENDED EARLY: the head did not survive 20 scripts\n",
                        "- what no kernel may show: not done, for the kernel could not be");
        assertThat(ReviewKtap.of(review)).contains("not ok 1 safety # not done", "not ok 4 cost # not done");
    }

    @Test
    void aKernelThatDoesNotBootLeavesNothing() throws IOException {
        ReviewPlan plan = plan("5.10.2");
        KernelException crash = new KernelException(KernelException.Kind.KERNEL, "5.10.2 crashed while booting");
        try (ReviewFolder open = ReviewFolder.open(folder.resolve("review"), plan)) {
            ReviewRun run = new ReviewRun(
                    plan,
                    open,
                    guests(
                            () -> {
                                throw crash;
                            },
                            () -> FakeKernel.able(Policy.V5_9)),
                    (part, text, left) -> {});
            assertThatThrownBy(() -> run.run(OPTIONS, null, Optional.empty())).isSameAs(crash);
            open.discard();
        }
        assertThat(folder.resolve("review")).doesNotExist();
    }

    @Test
    void oneReviewAtATimeWorksInAFolder() throws IOException {
        ReviewPlan plan = plan("5.10.2");
        Path where = folder.resolve("review");
        try (ReviewFolder open = ReviewFolder.open(where, plan)) {
            assertThat(open.path()).isEqualTo(where);
            assertThatThrownBy(() -> ReviewFolder.open(where, plan))
                    .hasMessageContaining("another review is at work in");
        }
        Files.writeString(Files.createDirectories(folder.resolve("mine")).resolve("thesis.txt"), "x");
        assertThatThrownBy(() -> ReviewFolder.open(folder.resolve("mine"), plan))
                .hasMessageContaining("is no review and not empty");
        assertThatThrownBy(() -> ReviewFolder.plan(folder.resolve("mine"))).hasMessageContaining("is no review");
        Files.writeString(where.resolve("check.json"), "{");
        try (ReviewFolder open = ReviewFolder.open(where, plan)) {
            assertThatThrownBy(() -> ReviewRun.read(open, Optional.empty()))
                    .hasMessageContaining("check.json cannot be read");
        }
    }
}
