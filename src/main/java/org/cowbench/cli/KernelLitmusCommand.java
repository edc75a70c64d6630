package org.cowbench.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import org.cowbench.kernel.GuestOptions;
import org.cowbench.kernel.KernelSession;
import org.cowbench.kernel.KernelTarget;
import org.cowbench.litmus.Script;
import org.cowbench.litmus.StepResult;
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
            "", "Exit status: 0 done; 1 a value was seen that a script forbids, or a kernel crashed or hung; 2 usage;",
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
        AtomicBoolean violated = new AtomicBoolean();
        Map<String, List<List<StepResult>>> columns = new LinkedHashMap<>();
        boolean stream = format == Format.jsonl && kernels.size() == 1;
        try {
            which.ask(kernels, which.options(GuestOptions.scripts(System.getenv())), (label, session) ->
                    results(session, scripts, stream ? out : null), (label, results) -> {
                results.forEach(steps -> violated.compareAndSet(false,
                        steps.stream().anyMatch(StepResult::violated)));
                columns.put(label, results);
                if (format == Format.jsonl && !stream) {
                    results.forEach(steps -> steps.forEach(step ->
                            out.println(step.json("\"kernel\":\"" + label + "\","))));
                    out.flush();
                }
            });
        } finally {
            if (format == Format.summary && !columns.isEmpty()) {
                out.print(LitmusSummary.draw(scripts, columns));
            }
            if (format == Format.table && !columns.isEmpty()) {
                for (int i = 0; i < scripts.size(); i++) {
                    Map<String, List<StepResult>> table = new LinkedHashMap<>();
                    int script = i;
                    columns.forEach((label, results) -> table.put(label, results.get(script)));
                    out.println(LitmusTable.draw(scripts.get(i), table));
                }
            }
            out.flush();
        }
        return violated.get() ? 1 : 0;
    }

    private static List<List<StepResult>> results(KernelSession session, List<Script> scripts, PrintWriter out) {
        List<List<StepResult>> all = new ArrayList<>();
        session.run(scripts, (script, steps) -> {
            all.add(List.copyOf(steps));
            if (out != null) {
                steps.forEach(step -> out.println(step.json("")));
                out.flush();
            }
        });
        return all;
    }
}
