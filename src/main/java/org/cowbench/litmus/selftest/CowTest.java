package org.cowbench.litmus.selftest;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.cowbench.litmus.EntryState;
import org.cowbench.litmus.ModelRun;
import org.cowbench.litmus.Op;
import org.cowbench.litmus.Script;
import org.cowbench.litmus.ScriptParser;
import org.cowbench.litmus.StepResult;
import org.cowbench.policy.ReusePolicy;

/**
 * One test of cow.c about anonymous memory.
 *
 * @param name as cow.c prints it, such as {@code Basic COW after fork() ... with THP (2048 kB)}
 * @param description its case, the part of the name before {@code ... with}
 * @param preparation how its memory was prepared, without a size, such as {@code swapped-out THP}
 * @param kib size of the folio in KiB, 0 for a base page
 * @param script what it does; its file is the name
 */
public record CowTest(String name, String description, String preparation, int kib, Script script) {
    private static final Pattern SIZE = Pattern.compile("\\((\\d+) kB\\)$");
    private static final Map<String, CowTest> ALL = make();

    /**
     * All tests that the language can express, of every size of folio.
     *
     * @return in the order in which cow.c runs them
     */
    public static List<CowTest> all() {
        return List.copyOf(ALL.values());
    }

    /**
     * Finds a test.
     *
     * @param name as cow.c prints it
     * @return empty where the language cannot express it, see {@link #missing}
     */
    public static Optional<CowTest> named(String name) {
        return Optional.ofNullable(ALL.get(name));
    }

    /**
     * Why there is no script for a test.
     *
     * @param name as cow.c prints it
     * @return the reason, for people
     */
    public static String missing(String name) {
        Matcher size = SIZE.matcher(name);
        if (name.contains("hugetlb")) {
            return "hugetlb memory has rules of its own";
        }
        if (name.contains("zeropage") || name.contains("memfd") || name.contains("tmpfile")) {
            return "not anonymous memory";
        }
        if (size.find() && !ScriptParser.FOLIOS.contains(Integer.valueOf(size.group(1)))) {
            return "no kernel has anonymous folios of " + size.group(1) + " KiB";
        }
        return "a test that this cowbench does not know";
    }

    /**
     * What a policy makes of the test.
     *
     * @param policy the rules
     * @return that it fails where a value is seen that no correct kernel shows; that it is skipped where cow.c would
     */
    public CowOutcome predict(ReusePolicy policy) {
        List<StepResult> results = ModelRun.run(script, policy);
        for (StepResult result : results) {
            Op op = result.operation().op();
            if (result.skipped()) {
                return new CowOutcome(CowOutcome.Kind.SKIP, result.skipReason());
            }
            if (op == Op.PAGEOUT && result.after() != EntryState.SWAPPED) {
                return new CowOutcome(CowOutcome.Kind.SKIP, "MADV_PAGEOUT does not swap it out");
            }
            if (op == Op.COLLAPSE && result.error() != null) {
                return new CowOutcome(CowOutcome.Kind.SKIP, "MADV_COLLAPSE makes no folio of it");
            }
        }
        return results.stream()
                .filter(StepResult::violated)
                .findFirst()
                .map(result -> new CowOutcome(
                        CowOutcome.Kind.FAIL,
                        "step " + result.step() + ", " + result.operation().text()
                                + ": "
                                + (result.value().isPresent()
                                        ? Long.toUnsignedString(result.value().getAsLong())
                                        : "mixed")
                                + ", not "
                                + Long.toUnsignedString(
                                        result.operation().expected().orElseThrow())))
                .orElse(new CowOutcome(CowOutcome.Kind.PASS, ""));
    }

    private static Map<String, CowTest> make() {
        Map<String, CowTest> tests = new LinkedHashMap<>();
        List<Integer> sizes = ScriptParser.FOLIOS.stream().sorted().toList();
        for (CowCase each : CowCase.values()) {
            if (each.collapses()) {
                add(tests, each, CowPreparation.PMD, CowPreparation.PMD_KIB, each.description());
                continue;
            }
            for (CowPreparation preparation : CowPreparation.values()) {
                if (!preparation.large()) {
                    add(tests, each, preparation, 0, title(each, preparation, 0));
                }
            }
            for (int kib : sizes) {
                for (CowPreparation preparation : CowPreparation.values()) {
                    if (preparation.large() && preparation.goesWith(kib)) {
                        add(tests, each, preparation, kib, title(each, preparation, kib));
                    }
                }
            }
        }
        return tests;
    }

    private static String title(CowCase each, CowPreparation preparation, int kib) {
        return each.description() + " ... with " + preparation.title(kib);
    }

    private static void add(
            Map<String, CowTest> tests, CowCase each, CowPreparation preparation, int kib, String name) {
        List<String> lines = new ArrayList<>(preparation.steps(kib));
        lines.addAll(each.steps(preparation.pages(kib)));
        tests.put(
                name,
                new CowTest(
                        name,
                        each.description(),
                        preparation.toString(),
                        kib,
                        ScriptParser.parse(name, String.join("\n", lines))));
    }
}
