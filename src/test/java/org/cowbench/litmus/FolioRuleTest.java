package org.cowbench.litmus;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.SplittableRandom;
import org.cowbench.litmus.RandomScripts.Shape;
import org.cowbench.policy.Policy;
import org.cowbench.policy.ReusePolicy;
import org.cowbench.policy.rule.RulePolicy;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Rules given as text that decide for large folios: those of eras are theirs, and wrong ones go wrong. */
@Tag("slow")
class FolioRuleTest {
    private static final int SCRIPTS = 400;
    private static final int PMD_SCRIPTS = 20;
    private static final int PMD_KIB = 2048;
    private static final String V5_18 =
            "ref <= 3 && (lru || drain()) && ref <= 1 + swapcache && (free_swap() || 1) && ref == 1";
    private static final String LARGE = "excl || lmap > 1 && !shared && (free_swap() || 1) && lmap == ref";

    /** Eras whose do_wp_page can be written for base pages and folios at once. */
    enum Era {
        V5_9(Policy.V5_9, "n && mapcount == 1 && ref == 1"),
        V5_18(Policy.V5_18, "n && " + FolioRuleTest.V5_18),
        V5_19(Policy.V5_19, "n && (excl || " + FolioRuleTest.V5_18 + ")"),
        V6_11(Policy.V6_11, "excl || n == 1 && " + FolioRuleTest.V5_18),
        V6_15(Policy.V6_15, both(LARGE)),
        V7_0(Policy.V7_0, both(LARGE));

        private final Policy policy;
        private final String rule;

        Era(Policy policy, String rule) {
            this.policy = policy;
            this.rule = rule;
        }
    }

    private static String both(String large) {
        return "n == 1 ? excl || " + V5_18 + " : " + large;
    }

    @ParameterizedTest
    @EnumSource
    void aRuleThatSaysWhatAnEraSaysDoesToFoliosWhatItDoes(Era era) {
        RulePolicy own = RulePolicy.of(era.rule, era.policy.rule());
        assertThat(own.decidesLarge()).isTrue();
        for (long seed = 1; seed <= SCRIPTS; seed++) {
            same(
                    era,
                    own,
                    RandomScripts.draw(seed, Shape.drawFolio(new SplittableRandom(seed), seed % 2 == 0 ? 16 : 32)));
        }
        for (long seed = 1; seed <= PMD_SCRIPTS; seed++) {
            same(era, own, RandomScripts.draw(seed, Shape.drawFolio(new SplittableRandom(seed), PMD_KIB)));
        }
        ShippedScripts.folios().forEach(script -> same(era, own, script));
    }

    private static void same(Era era, ReusePolicy own, Script script) {
        assertThat(ModelRun.run(script, own)).as(script.text()).isEqualTo(ModelRun.run(script, era.policy.rule()));
    }

    /** Each test of v6.15's rule decides somewhere; else the equality above would prove less. */
    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
        excl || lmap > 1 && !shared && lmap == ref;                        REUSE; COPY
        excl || !shared && (free_swap() || 1) && lmap == ref;              COPY;  REUSE
        lmap > 1 && !shared && (free_swap() || 1) && lmap == ref;          REUSE; COPY
        """)
    void theLastWriteTellsWhatOneTestLessDoes(String large, WriteKind expected, WriteKind without) {
        String steps = !large.contains("free")
                ? "A pageout all\nA drain\nA fork B\nB exit\nA read all\nA write 0 2\n"
                : large.startsWith("excl")
                        ? "A discard 1-3\nA fork B\nB exit\nA write 0 2\n"
                        : "A fork B\nB exit\nA pinro 0 X\nA write 0 2\n";
        Script script = ScriptParser.parse("x", "folio 16\nA write all 1\n" + steps);
        assertThat(ModelRun.run(script, Policy.V6_15.rule()).getLast().writeKind())
                .hasValue(expected);
        assertThat(ModelRun.run(script, RulePolicy.of(both(LARGE), Policy.V6_15.rule()))
                        .getLast()
                        .writeKind())
                .hasValue(expected);
        assertThat(ModelRun.run(script, RulePolicy.of(both(large), Policy.V6_15.rule()))
                        .getLast()
                        .writeKind())
                .hasValue(without);
    }

    /** Wrong rules for page-table entries of large folios; the third is the large twin of Wilcox's alternative. */
    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
        safe-shared;     excl || lmap > 1 && (free_swap() || 1) && lmap == ref
        safe-references; excl || lmap > 1 && !shared && (free_swap() || 1)
        safe-swap-cache; excl || lmap > 1 && !shared && lmap == ref - n * swapcache
        safe-page-test;  excl || mapcount == 1 && lmap > 1
        safe-slot;       excl || lmap > 1 && mine == n && (free_swap() || 1) && lmap == ref
        """)
    void aShippedScriptShowsWhatAWrongRuleDoes(String name, String large) {
        Script script = ShippedScripts.folio(name + ".litmus");
        ReusePolicy wrong = RulePolicy.of(both(large), Policy.V6_15.rule());
        List<StepResult> results = ModelRun.run(script, wrong);
        assertThat(results.getLast().violated()).isTrue();
        assertThat(ModelRun.run(script, RulePolicy.of(both(LARGE), Policy.V6_15.rule())))
                .noneMatch(StepResult::violated);
    }

    /** A slot's count is what it is compared with where it is right. */
    @Test
    void theOwnersCountOfAllMappingsIsAsGoodAsTheBit() {
        ReusePolicy own = RulePolicy.of(
                both("excl || lmap > 1 && mine == lmap && (free_swap() || 1) && lmap == ref"), Policy.V6_15.rule());
        ShippedScripts.folios().forEach(script -> assertThat(ModelRun.run(script, own).stream()
                        .filter(StepResult::violated)
                        .toList())
                .as(script.file())
                .isEqualTo(ModelRun.run(script, Policy.V6_15.rule()).stream()
                        .filter(StepResult::violated)
                        .toList()));
    }

    @ParameterizedTest
    @CsvSource({
        "0, REUSE",
        "ref == 1, REUSE",
        "pinned && swapcache && mapcount == 1, REUSE",
        "n == 0, COPY",
        "shared, COPY",
        "n, REUSE"
    })
    void aRuleWithoutANameOfFoliosLeavesThemToItsBase(String rule, WriteKind expected) {
        Script script = ShippedScripts.folio("sole-owner-64k.litmus");
        assertThat(ModelRun.run(script, RulePolicy.of(rule, Policy.V6_15.rule()))
                        .getLast()
                        .writeKind())
                .hasValue(expected);
    }

    /** Where the base knows no owners, the rule has them known. */
    @Test
    void ownersAreKnownToARuleThatAsks() {
        Script script = ShippedScripts.folio("sole-owner-64k.litmus");
        ReusePolicy own = RulePolicy.of(both(LARGE), Policy.V6_11.rule());
        assertThat(own.tracksOwners()).isTrue();
        assertThat(RulePolicy.of("n == 1", Policy.V6_11.rule()).tracksOwners()).isFalse();
        assertThat(ModelRun.run(script, own).getLast().writeKind()).hasValue(WriteKind.REUSE);
    }
}
