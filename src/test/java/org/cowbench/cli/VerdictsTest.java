package org.cowbench.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.cowbench.check.CheckResult;
import org.cowbench.check.Checker;
import org.cowbench.check.Judgement;
import org.cowbench.check.KnownCase;
import org.cowbench.check.Relative;
import org.cowbench.check.Scope;
import org.cowbench.check.Verdict;
import org.cowbench.check.Violation;
import org.cowbench.golden.Golden;
import org.cowbench.litmus.Op;
import org.cowbench.litmus.Script;
import org.cowbench.litmus.Step;
import org.cowbench.policy.DelegatingPolicy;
import org.cowbench.policy.KernelOps;
import org.cowbench.policy.Policy;
import org.cowbench.policy.Property;
import org.cowbench.policy.ReusePolicy;
import org.cowbench.readme.Documents;
import org.cowbench.report.check.CheckFindings;
import org.cowbench.report.check.CheckHead;
import org.cowbench.report.check.CheckJson;
import org.cowbench.report.check.CheckKtap;
import org.cowbench.report.check.CheckText;
import org.cowbench.result.Revision;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every policy is judged as declared, in every scope that check explores by itself, and every proof runs. */
@Tag("slow")
class VerdictsTest {
    /** One search a rule: v6.15 has that of v6.11. */
    private static final Map<Class<?>, Judgement> SEARCHED = new HashMap<>();

    private static final CheckHead HEAD = new CheckHead("0", new Revision("", false), null, null);

    @AfterAll
    static void forget() {
        SEARCHED.clear();
    }

    private static Judgement judge(Policy policy) {
        Judgement judgement = SEARCHED.computeIfAbsent(
                policy.rule().getClass(), rule -> search(policy.id(), policy.rule(), Scope.standard()));
        return new Judgement(policy.id(), judgement.results(), judgement.verdicts());
    }

    private static Judgement search(String id, ReusePolicy rule, List<Scope> scopes) {
        return new Checker(scopes, 2, 1L << 30).judge(id, rule, (states, transitions, queue, depth) -> {});
    }

    @ParameterizedTest
    @MethodSource("org.cowbench.policy.Policy#shipped")
    void verdictsAreThoseDeclared(Policy policy) {
        Judgement judgement = judge(policy);
        assertThat(judgement.results()).allMatch(result -> result.outOfFrames() == 0);
        assertThat(judgement.results()).extracting(CheckResult::complete).containsExactly(true, false, false);
        assertThat(judgement.results()).extracting(CheckResult::depth).endsWith(7, 6);
        // Declared is the smallest scope's; the wider ones find no property violated that it does not.
        assertThat(violated(judgement.results().getFirst().verdicts())).isEqualTo(policy.violates());
        assertThat(violated(judgement.verdicts())).isEqualTo(policy.violates());
    }

    /**
     * How many states and transitions a search has, to the last one. A state that is taken for another, a move that does
     * more or less, a flag that outlives what it was of: hardly a fault in the machine, a policy or the checker leaves all
     * of these figures as they are, even where it changes no verdict.
     */
    @Test
    void everySearchHasTheSizeOfItsGoldenFile() throws IOException {
        StringBuilder table = new StringBuilder("Of each search: states, transitions, depth, needless copies.\n");
        for (int i = 0; i < Scope.standard().size(); i++) {
            table.append('\n').append(Scope.standard().get(i).title()).append('\n');
            for (Policy policy : Policy.shipped()) {
                CheckResult result = judge(policy).results().get(i);
                table.append(String.format(
                        Locale.ROOT,
                        "%-13s %8d %9d %3d %6d%n",
                        policy.id(),
                        result.states(),
                        result.transitions(),
                        result.depth(),
                        result.needless()));
            }
        }
        Golden.check("check-sizes.txt", table.toString());
    }

    private static Set<Property> violated(Map<Property, Verdict> verdicts) {
        Set<Property> violated = EnumSet.noneOf(Property.class);
        verdicts.forEach((property, verdict) -> {
            if (verdict instanceof Verdict.Unsafe) {
                violated.add(property);
            } else {
                assertThat(verdict).isInstanceOf(Verdict.Safe.class);
            }
        });
        return violated;
    }

    @ParameterizedTest
    @MethodSource("org.cowbench.policy.Policy#shipped")
    void counterexamplesMatchTheirGoldenFiles(Policy policy) throws IOException {
        String text = CheckText.counterexamples(judge(policy));
        assertThat(text.lines())
                .allSatisfy(
                        line -> assertThat(line).hasSizeLessThanOrEqualTo(100).matches("[ -~]*"));
        // Also those that are not drawn, a line each: one that gets longer tells of a search that lost something.
        String all = judge(policy).violations().stream()
                .map(each -> String.format(
                        "%s, %s, %s: %d moves: %s%n",
                        each.property().id(),
                        each.cause().text(),
                        each.shownBy(),
                        each.moves(),
                        KnownCase.of(each).title()))
                .collect(Collectors.joining());
        Golden.check("check-" + policy.id() + ".txt", text + (all.isEmpty() ? "" : "\nAll:\n" + all));
    }

    @ParameterizedTest
    @MethodSource("org.cowbench.policy.Policy#shipped")
    void everyCounterexampleRunsAsPrinted(Policy policy) throws IOException {
        JsonNode judged = new ObjectMapper()
                .readTree(CheckJson.write(new CheckFindings(HEAD, List.of(judge(policy)))))
                .at("/policies/0");
        assertThat(judged.at("/unsafe").booleanValue())
                .isEqualTo(!policy.violates().isEmpty());
        for (JsonNode violation : judged.at("/violations")) {
            assertThat(violation.at("/scriptShowsIt").booleanValue()).isTrue();
            assertLitmusFindsIt(policy, violation.at("/script").textValue());
        }
    }

    private static void assertLitmusFindsIt(Policy policy, String script) {
        String[] ran = litmus(policy, script);
        assertThat(ran[0]).as(script).isEqualTo("1");
        assertThat(ran[1].lines().filter(line -> line.contains("\"expected\":")))
                .as(script)
                .hasSize(1);
        assertThat(ran[1].lines().reduce("", (first, last) -> last))
                .as("the last step shows it")
                .contains("expected");
    }

    private static String[] litmus(Policy policy, String script) {
        InputStream in = System.in;
        PrintStream out = System.out;
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        try {
            System.setIn(new ByteArrayInputStream(script.getBytes(StandardCharsets.UTF_8)));
            System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
            int status = Main.commandLine().execute("litmus", "--policy", policy.id(), "-");
            return new String[] {Integer.toString(status), printed.toString(StandardCharsets.UTF_8)};
        } finally {
            System.setIn(in);
            System.setOut(out);
        }
    }

    @Test
    void famousCasesAreFoundAndNamed() {
        assertThat(first(Policy.WILCOX, Property.ISOLATION)).isEqualTo(KnownCase.SWAP_ENTRY);
        assertThat(cases(Policy.WILCOX))
                .containsOnly(
                        KnownCase.SWAP_ENTRY, KnownCase.CVE_DO_SWAP_PAGE, KnownCase.WRONG_COW, KnownCase.ZERO_PIN);
        assertThat(cases(Policy.V5_7))
                .containsOnly(
                        KnownCase.CVE,
                        KnownCase.CVE_BEFORE_FORK,
                        KnownCase.CVE_DO_SWAP_PAGE,
                        KnownCase.FORKED_PIN,
                        KnownCase.ZERO_PIN);
        assertThat(cases(Policy.V5_8))
                .containsOnly(KnownCase.CVE_BEFORE_FORK, KnownCase.CVE_DO_SWAP_PAGE, KnownCase.FORKED_PIN);
        assertThat(cases(Policy.V5_9))
                .containsOnly(KnownCase.CVE_DO_SWAP_PAGE, KnownCase.WRONG_COW, KnownCase.ZERO_PIN);
        assertThat(cases(Policy.LIANG)).contains(KnownCase.CVE_SWAP_CACHE, KnownCase.SHARED_PIN);
        assertThat(cases(Policy.V5_18)).containsOnly(KnownCase.WRONG_COW, KnownCase.ZERO_PIN);
        assertThat(cases(Policy.V5_19)).containsOnly(KnownCase.ZERO_PIN);
        assertThat(cases(Policy.V6_11)).containsOnly(KnownCase.CLEAN_DMA);
        assertThat(cases(Policy.V7_3)).containsOnly(KnownCase.CLEAN_DMA);
        assertThat(Policy.shipped())
                .allSatisfy(policy -> assertThat(cases(policy)).doesNotContain(KnownCase.UNNAMED, KnownCase.COUNTS));
    }

    /** The decision counts, not who took the fault: the reuse is splice's on its way, and no copy is to blame. */
    @Test
    void aCaseIsNamedByTheDecisionThatDidTheHarm() {
        assertThat(judge(Policy.V5_8).violations())
                .filteredOn(each -> each.property() == Property.SECRECY
                        && each.did().stream().anyMatch(step -> step.text().equals("reuse")))
                .hasSizeGreaterThan(2)
                .allSatisfy(each -> assertThat(KnownCase.of(each)).isEqualTo(KnownCase.CVE_BEFORE_FORK));
    }

    /** What FIDELITY.md says of the releases that no policy stands for. */
    @Test
    void fromV62ToV610ADevicesWriteIsLostByWayOfMprotect() {
        ReusePolicy v62 = new DelegatingPolicy(Policy.V5_19.rule()) {
            @Override
            public GupNeed onGupRead(KernelOps k, int page, boolean zero, boolean pin) {
                return zero && pin ? GupNeed.UNSHARE : super.onGupRead(k, page, zero, pin);
            }

            @Override
            public boolean protectMakesWritable(KernelOps k, int page, boolean dirty) {
                return k.pageAnonExclusive(page);
            }
        };
        Judgement judgement = search("v6.2", v62, List.of(Scope.fixpoint()));
        assertThat(judgement.violations()).singleElement().satisfies(lost -> {
            assertThat(KnownCase.of(lost)).isEqualTo(KnownCase.CLEAN_DMA);
            assertThat(lost.moves()).isEqualTo(9);
            assertThat(lost.script().steps()).extracting(Step::op).contains(Op.PROTECT);
        });
    }

    /** A pin does not make another process's store the pin's fault, nor what it wrote the thing to see. */
    @Test
    void whatAnotherProcessStoresIsIsolationsWhoeverHoldsAPin() {
        ReusePolicy mask = new DelegatingPolicy(Policy.V5_7.rule()) {
            @Override
            public Decision onWriteFault(KernelOps k, int page) {
                return k.folioMaybeDmaPinned(k.folioOf(page)) && !k.hasPinned()
                        ? Decision.REUSE
                        : super.onWriteFault(k, page);
            }

            @Override
            public int onUnmap(KernelOps k, int page) {
                return k.folioMaybeDmaPinned(k.folioOf(page)) ? UNMAP_REFUSED : UNMAP_SHARED;
            }
        };
        Judgement judgement = search("mask", mask, List.of(Scope.fixpoint()));
        assertThat(judgement.violations().stream()
                        .filter(each -> each.property() == Property.ISOLATION)
                        .map(Violation::script)
                        .map(Script::text))
                .containsExactly("""
                    pages 1
                    A pin 0 X
                    A fork B
                    B write 0 1
                    A read 0 -> 0
                    """);
        assertThat(judgement.violations())
                .noneSatisfy(each -> assertThat(KnownCase.of(each)).isEqualTo(KnownCase.UNNAMED));
    }

    @Test
    void theSeedsCounterexampleIsMinimal() {
        Violation seed = judge(Policy.WILCOX).violations().getFirst();
        assertThat(seed.moves()).isEqualTo(5);
        assertThat(seed.shortest()).isTrue();
        assertThat(CheckText.counterexamples(judge(Policy.WILCOX)))
                .contains("Shortest: 5 moves; every earlier depth was exhausted");
    }

    @Test
    void safeSaysWhereAndHowFar() throws IOException {
        List<Judgement> oracle = List.of(judge(Policy.ORACLE));
        String three = "3 processes x 1 page, 2 references, environment 1";
        String two = "2 processes x 2 pages, 2 references, environment 1";
        assertThat(CheckKtap.write(new CheckFindings(HEAD, oracle)))
                .contains("ok 2 secrecy # safe: fixpoint in 2 processes x 1 page, 1 reference; no violation in " + three
                        + " to depth 7; " + two + " to depth 6\n");
        JsonNode safe = new ObjectMapper()
                .readTree(CheckJson.write(new CheckFindings(HEAD, oracle)))
                .at("/policies/0/safe/secrecy");
        assertThat(safe.at("/fixpoint").textValue()).isEqualTo("2 processes x 1 page, 1 reference");
        assertThat(safe.at("/beyond/0/scope").textValue()).isEqualTo(three);
        assertThat(safe.at("/beyond/0/depth").intValue()).isEqualTo(7);
        assertThat(safe.at("/beyond/1/scope").textValue()).isEqualTo(two);
        assertThat(safe.at("/beyond/1/depth").intValue()).isEqualTo(6);
        assertThat(CheckText.draw(new CheckFindings(HEAD, oracle)).replaceAll("\\n {2}(?=\\S)", " "))
                .contains("safe: no reachable state violates "
                        + "it in 2 processes x 1 page, 1 reference (every path, to the fixpoint); nor does a path in "
                        + three
                        + " to depth 7, nor in " + two + " to depth 6 (longer paths there were not tried).");
    }

    @Test
    void readmeHasWhatCheckPrints() throws IOException {
        List<String> written = Documents.block("policy isolation secrecy");
        List<Judgement> judged = written.stream()
                .skip(1)
                .map(line -> judge(Policy.of(line.split(" ")[0])))
                .toList();
        assertThat(judged).hasSizeGreaterThan(10);
        // As the command does it: the newest kernel is among the judged.
        Judgement newest = judge(Relative.NEWEST);
        Map<String, Relative> relatives = judged.stream()
                .collect(Collectors.toMap(
                        Judgement::policy,
                        each -> Relative.of(each, Policy.of(each.policy()).rule(), newest, Relative.NEWEST.rule())));
        List<String> lines = CheckText.draw(new CheckFindings(HEAD, judged, relatives, false))
                .lines()
                .dropWhile(line -> !line.startsWith("policy"))
                .toList();
        assertThat(Documents.even(lines.subList(0, written.size() + 1))).isEqualTo(written);
    }

    private static KnownCase first(Policy policy, Property property) {
        return judge(policy).violations().stream()
                .filter(each -> each.property() == property)
                .map(KnownCase::of)
                .findFirst()
                .orElseThrow();
    }

    private static List<KnownCase> cases(Policy policy) {
        return judge(policy).violations().stream().map(KnownCase::of).distinct().toList();
    }
}
