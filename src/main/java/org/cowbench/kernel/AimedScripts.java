package org.cowbench.kernel;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.cowbench.litmus.ModelRun;
import org.cowbench.litmus.Op;
import org.cowbench.litmus.Script;
import org.cowbench.litmus.ScriptParser;
import org.cowbench.litmus.StepResult;
import org.cowbench.policy.Policy;

/**
 * The scripts that tell policies apart: each pair of policies that any script of base pages can tell apart, as far as a
 * search over random scripts can say, is told apart by three of them. A test makes them, shrinks them and holds that they do.
 */
public final class AimedScripts {
    /** One file of them all; each script begins with its {@code pages}. */
    static final String RESOURCE = "/identify/aimed.litmus";

    private static final String BEGIN = "pages ";

    private AimedScripts() {}

    /**
     * Reads them.
     *
     * @return the scripts, in the order in which the search took them
     */
    public static List<Script> all() {
        try (InputStream file = AimedScripts.class.getResourceAsStream(RESOURCE)) {
            return parse(new String(file.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Parses several scripts, each of which begins with its {@code pages}.
     *
     * @param text their text
     * @return the scripts, named {@code aimed-1} and so on
     */
    static List<Script> parse(String text) {
        List<StringBuilder> parts = new ArrayList<>();
        text.lines().forEach(line -> {
            if (line.startsWith(BEGIN)) {
                parts.add(new StringBuilder());
            }
            if (!parts.isEmpty()) {
                parts.getLast().append(line).append('\n');
            }
        });
        List<Script> scripts = new ArrayList<>();
        for (StringBuilder part : parts) {
            scripts.add(ScriptParser.parse("aimed-" + (scripts.size() + 1), part.toString()));
        }
        return scripts;
    }

    /**
     * The policies that these scripts can tell apart, in groups of those that they cannot: guests swap to a disk, where v7.0
     * reads pages in as v6.11 does, and v6.15 is v6.11 for base pages.
     *
     * @return every shipped policy once, in their order
     */
    public static List<List<Policy>> groups() {
        List<Script> scripts = all();
        Map<List<List<StepResult>>, List<Policy>> groups = new LinkedHashMap<>();
        for (Policy policy : Policy.shipped()) {
            groups.computeIfAbsent(
                            scripts.stream()
                                    .map(script -> shown(script, policy))
                                    .toList(),
                            runs -> new ArrayList<>())
                    .add(policy);
        }
        return groups.values().stream().map(List::copyOf).toList();
    }

    /** What a kernel would show: not which way a write brought a page back from swap. */
    private static List<StepResult> shown(Script script, Policy policy) {
        return ModelRun.run(script, policy.rule()).stream()
                .map(result -> new StepResult(
                        result.file(),
                        result.step(),
                        result.operation(),
                        result.before(),
                        result.after(),
                        result.frame(),
                        access(result) ? result.minor() : 0,
                        access(result) ? result.major() : 0,
                        result.value(),
                        result.error(),
                        result.old(),
                        result.torn()))
                .toList();
    }

    private static boolean access(StepResult result) {
        return result.operation().op() == Op.READ || result.operation().op() == Op.WRITE;
    }

    /**
     * The names of a group.
     *
     * @param group policies that are alike
     * @return the ids
     */
    public static String names(List<Policy> group) {
        return group.stream().map(Policy::id).collect(Collectors.joining(", "));
    }
}
