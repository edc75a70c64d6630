package org.cowbench.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.cowbench.cli.option.PolicyConverter;
import org.cowbench.cli.option.RuleOption;
import org.cowbench.litmus.ModelRun;
import org.cowbench.litmus.Script;
import org.cowbench.litmus.StepResult;
import org.cowbench.policy.Policy;
import org.cowbench.policy.ReusePolicy;
import org.cowbench.report.litmus.LitmusLegend;
import org.cowbench.report.litmus.LitmusSummary;
import org.cowbench.report.litmus.LitmusTable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code litmus}: runs scripts on the model. */
@Command(
        name = "litmus",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Runs litmus scripts on the model and prints what every step did.",
        footerHeading = "%nExamples:%n")
public final class LitmusCommand implements Callable<Integer> {

    /** How results are printed. */
    public enum Format {
        /** One JSON object a step. */
        jsonl,
        /** A table a script: steps down, one column a policy. */
        table,
        /** One table: scripts down, one column a policy. */
        summary
    }

    @Option(
            names = "--policy",
            split = ",",
            paramLabel = "P",
            converter = PolicyConverter.class,
            description = "Policies to run under; see 'list'.")
    private List<Policy> policies = List.of();

    @Mixin
    private RuleOption rule;

    @Option(
            names = "--format",
            defaultValue = "jsonl",
            paramLabel = "jsonl|table|summary",
            description = "jsonl: one object a step, with the policy named first when there are several; "
                    + "table: a table a script; summary: one table, a script a row. Default: ${DEFAULT-VALUE}.")
    private Format format;

    @Mixin
    private SwapOption swap;

    @Mixin
    private ScriptMixin what;

    private CommandSpec spec;

    /** Made by the command line. */
    public LitmusCommand() {}

    /** The language is a table, and no constant that an annotation could hold. */
    @Spec
    void spec(CommandSpec command) {
        spec = command;
        spec.usageMessage()
                .footer(
                        "  ./run-bench.sh litmus --policy v5.9,wilcox --format table seed.litmus",
                        "  ./run-bench.sh litmus --policy v5.19 --shipped",
                        "  ./run-bench.sh litmus --policy v6.11,v7.0 --swap zram --format table seed.litmus",
                        "  ./run-bench.sh litmus --policy v5.9 --rule 'mapcount == 1 && ref == 1 + swapcache'"
                                + " --shipped",
                        "  echo 'A write 0 1' | ./run-bench.sh litmus --policy v5.9 -",
                        "",
                        LanguageHelp.TEXT,
                        "",
                        "Exit status: 0 done; 1 a script's expectation was not met, which standard",
                        "  error names with its line; 2 usage or a malformed script; 4 under one policy",
                        "  all scripts were skipped, as its kernels can do none of them to its end.");
    }

    @Override
    public Integer call() throws IOException {
        Map<String, ReusePolicy> rules = rule.addTo(policies);
        if (rules.isEmpty()) {
            throw new ParameterException(
                    spec.commandLine(),
                    "no policy given; name some with --policy (see list), or give your own rule with --rule");
        }
        List<Script> scripts = swap.pinned(what.scripts());
        PrintStream out = new PrintStream(System.out, false, StandardCharsets.UTF_8);
        Map<String, List<List<StepResult>>> columns = new LinkedHashMap<>();
        rules.keySet().forEach(id -> columns.put(id, new ArrayList<>()));
        for (Script script : scripts) {
            Map<String, List<StepResult>> row = new LinkedHashMap<>();
            rules.forEach((id, policy) -> row.put(id, ModelRun.run(script, policy)));
            row.forEach((id, results) -> Objects.requireNonNull(columns.get(id)).add(results));
            if (format == Format.table) {
                out.println(LitmusTable.draw(script, row));
            } else if (format == Format.jsonl) {
                row.forEach((id, results) -> {
                    String extra = row.size() > 1 ? "\"policy\":\"" + id + "\"," : "";
                    results.forEach(result -> out.println(result.json(extra)));
                });
            }
        }
        if (format == Format.summary) {
            out.print(LitmusSummary.draw(scripts, columns));
        }
        if (format != Format.jsonl) {
            out.print(LitmusLegend.draw(
                    columns.values().stream().flatMap(List::stream).toList(), format == Format.summary));
        }
        out.flush();
        if (new ExpectationReport(spec).tell(scripts, columns, Map.of())) {
            return ExitStatus.FOUND;
        }
        return columns.values().stream().anyMatch(ExpectationReport::judgedNone)
                ? ExitStatus.NOT_JUDGED
                : ExitStatus.OK;
    }
}
