package org.cowbench.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.cowbench.kernel.GuestOptions;
import org.cowbench.kernel.KernelEra;
import org.cowbench.kernel.KernelException;
import org.cowbench.kernel.KernelSession;
import org.cowbench.kernel.KernelTarget;
import org.cowbench.litmus.Script;
import org.cowbench.litmus.StepResult;
import org.cowbench.policy.Policy;
import org.cowbench.report.LitmusLegend;
import org.cowbench.report.LitmusSummary;
import org.cowbench.report.LitmusTable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code kernel litmus}: runs scripts on real kernels. */
@Command(name = "litmus", mixinStandardHelpOptions = true, sortOptions = false,
        description = "Runs litmus scripts on real kernels and prints what every step did.",
        footerHeading = "%nExamples:%n", footer = {
            "  ./run-bench.sh kernel litmus --cached 5.10,6.1,6.12,7.2 --format summary --shipped",
            "  ./run-bench.sh kernel litmus --image arch/x86/boot/bzImage seed.litmus",
            "", "The language: ./run-bench.sh litmus --help",
            "", "Exit status: 0 done; 1 a script's expectation was not met, which standard",
            "  error names with its line, a step ended in an error that no rule explains (a",
            "  torn page, a killed process), or a kernel crashed or hung; 2 usage;",
            "  3 something is lacking."})
public final class KernelLitmusCommand implements Callable<Integer> {

    /** How results are printed. */
    public enum Format {
        /** One JSON object a step. */
        jsonl,
        /** A table a script: steps down, one column a kernel. */
        table,
        /** One table: scripts down, one column a kernel. */
        summary
    }

    @Mixin
    private KernelMixin which;

    @Option(names = "--policy", paramLabel = "P", converter = PolicyConverter.class,
            description = "The policy whose #expect lines must hold; see 'list'. Default: that of each kernel's release.")
    private Policy policy;

    @Option(names = "--format", defaultValue = "jsonl", paramLabel = "jsonl|table|summary",
            description = "jsonl: one object a step, with the kernel named first when there are several; "
                    + "table: a table a script; summary: one table, a script a row. Default: ${DEFAULT-VALUE}.")
    private Format format;

    @Mixin
    private ScriptMixin what;

    @Spec
    private CommandSpec spec;

    /** Made by the command line. */
    public KernelLitmusCommand() {}

    @Override
    public Integer call() throws Exception {
        return which.guarded(this::run);
    }

    private int run() throws Exception {
        List<Script> scripts = what.scripts();
        Map<String, KernelTarget> kernels = which.targets();
        PrintWriter out = spec.commandLine().getOut();
        boolean stream = format == Format.jsonl && kernels.size() == 1;
        Map<String, List<List<StepResult>>> columns = new LinkedHashMap<>();
        kernels.keySet().forEach(label -> columns.put(label, Collections.synchronizedList(new ArrayList<>())));
        Set<String> printed = new HashSet<>();
        try {
            which.ask(kernels, which.options(GuestOptions.scripts(System.getenv())), (label, session) -> {
                collect(session, scripts, steps -> {
                    columns.get(label).add(steps);
                    if (stream) {
                        print(out, "", steps);
                    }
                });
                return label;
            }, (label, same) -> {
                if (format == Format.jsonl && !stream && printed.add(label)) {
                    printAll(out, label, columns.get(label));
                }
            });
        } finally {
            // Also what a kernel that did not survive had done before.
            if (format == Format.jsonl && !stream) {
                columns.keySet().stream().filter(printed::add)
                        .forEach(label -> printAll(out, label, columns.get(label)));
            } else if (format != Format.jsonl && !columns.values().stream().allMatch(List::isEmpty)) {
                draw(out, scripts, columns);
            }
        }
        Map<String, String> policies = new LinkedHashMap<>();
        kernels.forEach((label, kernel) ->
                policies.put(label, (policy == null ? KernelEra.policyOf(kernel.release()) : policy).id()));
        boolean unmet = new ExpectationReport(spec).tell(scripts, columns, policies);
        return unmet || columns.values().stream().flatMap(List::stream).flatMap(List::stream)
                .anyMatch(StepResult::broken) ? ExitStatus.FOUND : ExitStatus.OK;
    }

    private static void collect(KernelSession session, List<Script> scripts, Consumer<List<StepResult>> results) {
        try {
            session.run(scripts, (script, steps) -> results.accept(List.copyOf(steps)));
        } catch (KernelException e) {
            if (!e.done().isEmpty()) {
                results.accept(e.done());
            }
            throw e;
        }
    }

    private static void print(PrintWriter out, String extra, List<StepResult> steps) {
        steps.forEach(step -> out.println(step.json(extra)));
        out.flush();
    }

    private static void printAll(PrintWriter out, String label, List<List<StepResult>> results) {
        results.forEach(steps -> print(out, "\"kernel\":\"" + label + "\",", steps));
    }

    private void draw(PrintWriter out, List<Script> scripts, Map<String, List<List<StepResult>>> columns) {
        if (format == Format.summary) {
            out.print(LitmusSummary.draw(scripts, columns));
        } else {
            for (int i = 0; i < scripts.size(); i++) {
                Map<String, List<StepResult>> table = new LinkedHashMap<>();
                int script = i;
                columns.forEach((label, results) ->
                        table.put(label, script < results.size() ? results.get(script) : List.of()));
                out.println(LitmusTable.draw(scripts.get(i), table));
            }
        }
        out.print(LitmusLegend.draw(columns.values().stream().flatMap(List::stream).toList(), format == Format.summary));
        out.flush();
    }
}
