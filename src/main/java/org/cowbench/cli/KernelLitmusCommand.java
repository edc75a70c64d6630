package org.cowbench.cli;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
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
import org.cowbench.report.LitmusTable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code kernel litmus}: runs scripts on real kernels. */
@Command(name = "litmus", mixinStandardHelpOptions = true, sortOptions = false,
        description = "Runs litmus scripts on real kernels and prints what every step did.",
        footerHeading = "%nExamples:%n", footer = {
            "  ./run-bench.sh kernel litmus --cached 5.10,6.1,6.12,7.2 --format table --shipped",
            "  ./run-bench.sh kernel litmus --image arch/x86/boot/bzImage seed.litmus",
            "", "Exit status: 0 done; 1 a value was seen that a script forbids, or a kernel crashed or hung; 2 usage;",
            "  3 something is lacking."})
public final class KernelLitmusCommand implements Callable<Integer> {

    @Mixin
    private KernelMixin which;

    @Option(names = "--format", defaultValue = "jsonl", paramLabel = "jsonl|table",
            description = "jsonl: one object a step, with the kernel named first when there are several; "
                    + "table: for people. Default: ${DEFAULT-VALUE}.")
    private LitmusCommand.Format format;

    @Mixin
    private ScriptMixin what;

    /** Made by the command line. */
    public KernelLitmusCommand() {}

    @Override
    public Integer call() throws Exception {
        return which.guarded(this::run);
    }

    private int run() throws Exception {
        List<Script> scripts = what.scripts();
        Map<String, KernelTarget> kernels = which.targets();
        PrintStream out = new PrintStream(System.out, false, StandardCharsets.UTF_8);
        AtomicBoolean violated = new AtomicBoolean();
        Map<String, List<List<StepResult>>> columns = new LinkedHashMap<>();
        boolean stream = format == LitmusCommand.Format.jsonl && kernels.size() == 1;
        try {
            which.ask(kernels, which.options(GuestOptions.scripts(System.getenv())), (label, session) ->
                    results(session, scripts, stream ? out : null), (label, results) -> {
                results.forEach(steps -> violated.compareAndSet(false,
                        steps.stream().anyMatch(StepResult::violated)));
                columns.put(label, results);
                if (format == LitmusCommand.Format.jsonl && !stream) {
                    results.forEach(steps -> steps.forEach(step ->
                            out.println(step.json("\"kernel\":\"" + label + "\","))));
                    out.flush();
                }
            });
        } finally {
            if (format == LitmusCommand.Format.table && !columns.isEmpty()) {
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

    private static List<List<StepResult>> results(KernelSession session, List<Script> scripts, PrintStream out) {
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
