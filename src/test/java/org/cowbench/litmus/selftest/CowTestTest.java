package org.cowbench.litmus.selftest;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Collectors;
import org.cowbench.litmus.ModelRun;
import org.cowbench.litmus.StepResult;
import org.cowbench.policy.Policy;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The tests of cow.c as scripts, and what the model makes of them. */
class CowTestTest {

    private static CowTest test(String name) {
        return CowTest.named(name).orElseThrow();
    }

    /** 14 cases of 2 base pages, 8 of 2 MiB and 6 of each of 7 smaller sizes, and 4 of a THP that is put together. */
    @Test
    void everyCaseInEveryPreparation() {
        assertThat(CowTest.all()).hasSize(14 * (2 + 8 + 6 * 7) + 4);
        assertThat(CowTest.all().stream().map(CowTest::description).distinct()).hasSize(18);
        assertThat(CowTest.all().stream().map(CowTest::preparation).distinct()).hasSize(10);
    }

    @Test
    void theScriptsAreWhatTheProgramDoes() {
        assertThat(test("Basic COW after fork() with mprotect() optimization ... with swapped out base page")
                        .script()
                        .text())
                .isEqualTo("pages 1\nA write 0 1\nA pageout 0\nA fork B\nB read 0\nA protect 0 ro\nA protect 0 rw\n"
                        + "A write 0 2\nB read 0 -> 1\n");
        assertThat(test("vmsplice() + unmap in parent after fork() ... with single PTE of swapped-out THP (16 kB)")
                        .script()
                        .text())
                .isEqualTo("folio 16\nA write 0-3 1\nA discard 1-3\nA pageout 0\nA read 0\nA fork B\nA splice 0 X0\n"
                        + "A discard 0\nB write 0 2\nA peek X0 -> 1\n");
        assertThat(test("fork() with an iouring fixed buffer ... with partially mremap()'ed THP (64 kB)")
                        .script()
                        .text())
                .isEqualTo(
                        "folio 64\nA write 0-15 1\nA move 8-15\nA pin 0-7 X\nA fork B\nA write 0-7 2\nA peek X.0 -> 2\n"
                                + "A peek X.1 -> 2\nA peek X.3 -> 2\nA peek X.7 -> 2\n");
        assertThat(test("Basic COW after fork() when collapsing after fork() (upper shared)")
                        .script()
                        .text())
                .isEqualTo(
                        "folio 2048\nA write 0-511 1\nA split\nA keep 0-255\nA fork B\nB read 256-511\nA share 0-511\n"
                                + "A collapse\nA write 0-511 2\nB read 256-511 -> 1\n");
    }

    @Test
    void aPipeTakesSixteenPages() {
        assertThat(test("vmsplice() + unmap in child ... with THP (2048 kB)")
                        .script()
                        .references())
                .hasSize(16);
    }

    @Tag("slow")
    @Test
    void theOraclePassesEveryTest() {
        assertThat(CowTest.all()).allSatisfy(test -> assertThat(ModelRun.run(test.script(), Policy.ORACLE.rule()))
                .as(test.name())
                .noneMatch(StepResult::violated));
    }

    /**
     * A test that no rule fails would test nothing. Of sizes that every rule knows; what is put together after fork is a folio of its own by
     * any rule.
     */
    @Tag("slow")
    @Test
    void everyTestFailsUnderSomeRule() {
        List<Policy> unsafe = List.of(Policy.ALWAYS_REUSE, Policy.ALWAYS_COPY, Policy.V5_7);
        assertThat(CowTest.all().stream()
                        .filter(test -> test.kib() == 0 || test.kib() == 2048)
                        .filter(test -> !test.name().contains("collapsing after"))
                        .filter(test -> unsafe.stream()
                                .noneMatch(policy -> test.predict(policy.rule()).kind() == CowOutcome.Kind.FAIL))
                        .map(CowTest::name))
                .isEmpty();
    }

    @Test
    void theCveFailsUpToV517ByAPmdEntryAndLater() {
        CowTest pmd = test("vmsplice() + unmap in child ... with THP (2048 kB)");
        assertThat(pmd.predict(Policy.V5_9.rule()).kind()).isEqualTo(CowOutcome.Kind.FAIL);
        assertThat(pmd.predict(Policy.V5_9.rule()).why()).contains("peek X0: 2, not 1");
        assertThat(pmd.predict(Policy.V5_19.rule())).isEqualTo(new CowOutcome(CowOutcome.Kind.PASS, ""));
        assertThat(test("vmsplice() + unmap in child ... with PTE-mapped THP (64 kB)")
                        .predict(Policy.V5_9.rule())
                        .kind())
                .isEqualTo(CowOutcome.Kind.SKIP);
    }

    @Test
    void whatHasNoScriptHasAReason() {
        assertThat(List.of(
                                "Basic COW after fork() ... with hugetlb (2048 kB)",
                                "Basic COW ... with shared zeropage",
                                "R/O longterm GUP pin ... with tmpfile",
                                "Basic COW after fork() ... with PTE-mapped THP (8 kB)",
                                "new")
                        .stream()
                        .map(CowTest::missing)
                        .collect(Collectors.toList()))
                .containsExactly(
                        "hugetlb memory has rules of its own",
                        "not anonymous memory",
                        "not anonymous memory",
                        "no kernel has anonymous folios of 8 KiB",
                        "a test that this cowbench does not know");
    }
}
