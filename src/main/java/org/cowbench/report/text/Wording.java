package org.cowbench.report.text;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.cowbench.check.KnownCase;
import org.cowbench.compare.MeasuredPolicy;
import org.cowbench.policy.Policy;
import org.cowbench.result.FolioKind;
import org.cowbench.result.MeasurementKey;
import org.cowbench.result.Situation;
import org.cowbench.result.Tag;

/** Phrases that readers of runs, comparisons and verdicts share. */
public final class Wording {
    /** Stands behind the name of a policy that breaks isolation or secrecy, in every table and picture. */
    public static final String MARK = "!";

    /** Explains the mark where one is shown. */
    public static final String MARKED =
            MARK + ": breaks isolation or secrecy (./run-bench.sh check), so it is no winner";

    /** Begins what is said of disturbed forks and runs. */
    public static final String DISTURBED = "DISTURBED: ";

    /** What every output of a modelled time says. */
    public static final String MODEL = "Model: no trap, no TLB shoot-down, no interrupt.";

    private static final Set<String> SPEAKING =
            Set.of(Policy.PARAM, Situation.PARAM, FolioKind.PARAM, Tag.STREAM_PARAM, Tag.KERNEL_PARAM);

    private Wording() {}

    /**
     * Parameters as text: those of this project's whose values speak for themselves without their names, any other as
     * {@code name=value}; a policy by its id.
     */
    public static String params(MeasurementKey key) {
        return params(key, false);
    }

    /** The same, the policy with its {@link #MARK}. */
    public static String params(MeasurementKey key, boolean marked) {
        Map<String, String> params = marked(MeasuredPolicy.displayed(key), marked);
        return !key.own()
                ? Tag.list(params, ", ")
                : params.entrySet().stream()
                        .map(param ->
                                (SPEAKING.contains(param.getKey()) ? "" : param.getKey() + "=") + param.getValue())
                        .collect(Collectors.joining(", "));
    }

    /** Parameters with the {@link #MARK} behind the policy, where it has it. */
    public static Map<String, String> marked(Map<String, String> params, boolean marked) {
        Map<String, String> shown = new LinkedHashMap<>(params);
        if (marked) {
            shown.computeIfPresent(Policy.PARAM, (name, policy) -> policy + MARK);
        }
        return shown;
    }

    /** Known cases by name, each with the policies that show it, one line each. */
    public static List<String> cases(Map<KnownCase, Set<String>> policiesByCase) {
        return policiesByCase.entrySet().stream()
                .filter(entry -> entry.getKey() != KnownCase.UNNAMED)
                .map(entry -> entry.getKey().label() + ": " + String.join(", ", entry.getValue()))
                .toList();
    }

    /** A file name and XML id from a benchmark's name. */
    public static String id(String kind, String benchmark) {
        String text = benchmark.isEmpty() ? kind : kind + "-" + benchmark;
        return text.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-");
    }

    /** The text with a capital letter, so that it begins a sentence. */
    public static String capital(String text) {
        return text.isEmpty() ? text : Character.toUpperCase(text.charAt(0)) + text.substring(1);
    }
}
