package org.cowbench.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import org.cowbench.cli.option.PolicyConverter;
import org.cowbench.cli.option.RuleOption;
import org.cowbench.kernel.GuestOptions;
import org.cowbench.kernel.KernelEra;
import org.cowbench.kernel.KernelException;
import org.cowbench.kernel.KernelImage;
import org.cowbench.kernel.KernelSession;
import org.cowbench.kernel.LogFinding;
import org.cowbench.kernel.ProgramEnd;
import org.cowbench.litmus.SwapDevice;
import org.cowbench.litmus.selftest.CowComparison;
import org.cowbench.litmus.selftest.CowComparison.Verdict;
import org.cowbench.litmus.selftest.CowRun;
import org.cowbench.policy.Policy;
import org.cowbench.policy.rule.RulePolicy;
import org.cowbench.report.litmus.CowReport;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code kernel cow}: the kernel's own selftest beside the model. */
@Command(
        name = "cow",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Runs the kernel's own selftest of copy-on-write, tools/testing/selftests/mm/cow.c, in guests, and holds"
                    + " each of its tests of anonymous memory against what the model predicts.",
            "",
            "src/main/scripts/build-cow.sh builds the program from Debian's source. A test passes, fails or is"
                + " skipped; the model's script of the same name ('litmus --shipped-cow') keeps what must be seen,"
                + " does not, or cannot be run. What a kernel skips and the model could judge is not compared, nor are"
                + " tests that the language cannot express: both are listed with the reason.",
            ""
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  src/main/scripts/build-cow.sh ~/cow",
            "  ./run-bench.sh kernel cow --cached 5.10,6.1,6.12,7.2 --cow ~/cow/cow",
            "  ./run-bench.sh kernel cow --image ~/wilcox/bzImage --policy wilcox --cow ~/cow/cow --format ktap",
            "",
            "Exit status: 0 the kernels do what the model says; 1 one does not, also where that is to pass or the"
                    + " program",
            "  did not end its work, a failed test with --strict, a kernel crashed or hung, or its log says that"
                    + " something is",
            "  wrong; 2 usage; 3 something is lacking."
        })
public final class KernelCowCommand implements Callable<Integer> {

    /** How results are printed. */
    public enum Format {
        /** What differs, what fails and what was not compared, and a count. */
        summary,
        /** A line a test. */
        table,
        /** One JSON object a test. */
        jsonl,
        /** KTAP, in which a test is ok where kernel and model agree. */
        ktap
    }

    /** An ELF file's first bytes. */
    private static final byte[] ELF = {0x7f, 'E', 'L', 'F'};

    @Mixin
    private KernelMixin which;

    @Option(
            names = "--cow",
            required = true,
            paramLabel = "FILE",
            description = "The program that build-cow.sh has built.")
    private Path cow;

    @Option(
            names = "--policy",
            paramLabel = "P",
            converter = PolicyConverter.class,
            description = "The policy that predicts; see 'list'. Default: that of each kernel's release.")
    private @Nullable Policy policy;

    @Mixin
    private RuleOption rule;

    @Option(
            names = "--format",
            defaultValue = "summary",
            paramLabel = "summary|table|jsonl|ktap",
            description =
                    "summary: counts, and what differs, fails or was not compared; table: a line a test; jsonl: one"
                            + " object a test; ktap: for kernel test tooling, ok where kernel and model agree."
                            + " Default: ${DEFAULT-VALUE}.")
    private Format format;

    @Option(names = "--strict", description = "A test that fails counts, also where the model says that it must.")
    private boolean strict;

    @Spec
    private CommandSpec spec;

    private final AtomicBoolean harmed = new AtomicBoolean();

    /** Made by the command line. */
    public KernelCowCommand() {}

    @Override
    public Integer call() throws Exception {
        return which.guarded(this::run);
    }

    private int run() {
        if (which.host()) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--host: on this machine start " + cow + " yourself, as root; this command runs it in guests");
        }
        which.swap().refuse("the predictions are for a disk; leave it out", SwapDevice.ZRAM, SwapDevice.NONE);
        Optional<RulePolicy> own = rule.policy();
        if (own.isPresent() && policy != null) {
            throw new ParameterException(
                    spec.commandLine(), "--policy " + policy.id() + " and --rule both predict; give one");
        }
        byte[] program = program();
        Map<String, KernelImage> kernels = which.kernels();
        GuestOptions options = which.options(GuestOptions.scripts(System.getenv()));
        ScriptProgress progress =
                new ScriptProgress(spec.commandLine().getErr(), ProgressLine.onTerminal(System.getenv()), "tests");
        List<CowComparison> done = new ArrayList<>();
        try {
            which.ask(kernels, options, (label, session) -> ask(label, session, program, progress), (label, run) -> {
                Policy era = policy == null
                        ? KernelEra.policyOf(
                                Objects.requireNonNull(kernels.get(label)).release())
                        : policy;
                done.add(own.map(predicts -> CowComparison.of(label, run, RulePolicy.ID, predicts))
                        .orElseGet(() -> CowComparison.of(label, run, era.id(), era.rule())));
            });
        } finally {
            progress.clear();
            print(done);
        }
        boolean bad = done.stream()
                .anyMatch(each -> !each.incomplete().isEmpty()
                        || !each.rows(Verdict.DIFFER).isEmpty()
                        || strict && !each.knownFailures().isEmpty());
        return bad || harmed.get() ? ExitStatus.FOUND : ExitStatus.OK;
    }

    private byte[] program() {
        try {
            byte[] program = Files.readAllBytes(cow);
            if (program.length < ELF.length || Arrays.mismatch(program, 0, ELF.length, ELF, 0, ELF.length) >= 0) {
                throw new ParameterException(
                        spec.commandLine(),
                        "--cow " + cow + " is no program; it takes what"
                                + " src/main/scripts/build-cow.sh FOLDER has built, FOLDER/cow");
            }
            return program;
        } catch (IOException e) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--cow " + cow + " cannot be read; it takes what"
                            + " src/main/scripts/build-cow.sh FOLDER has built, FOLDER/cow",
                    e);
        }
    }

    private CowRun ask(String label, KernelSession session, byte[] program, ScriptProgress progress) {
        CowRun run = new CowRun();
        ProgramEnd end = session.execute(program, line -> {
            int before = run.done();
            int planned = run.planned();
            run.line(line);
            progress.expect(run.planned() - planned);
            if (run.done() > before) {
                progress.done(label);
            }
        });
        progress.clear();
        if (!end.started()) {
            throw new KernelException(
                    KernelException.Kind.USAGE,
                    "--cow " + cow + " cannot be run on " + label
                            + ": is it a static program for x86-64? src/main/scripts/build-cow.sh builds one");
        }
        end.log().stream().filter(LogFinding::counts).forEach(finding -> {
            harmed.set(true);
            which.report(label, "cow.c", finding);
        });
        run.ended(end.text());
        return run;
    }

    private void print(List<CowComparison> done) {
        PrintWriter out = spec.commandLine().getOut();
        if (format == Format.ktap) {
            out.print(CowReport.ktap(done));
        } else {
            done.forEach(each -> out.print(
                    switch (format) {
                        case table -> CowReport.table(each);
                        case jsonl -> CowReport.jsonl(each);
                        default -> CowReport.summary(each);
                    }));
        }
        out.flush();
        PrintWriter err = spec.commandLine().getErr();
        done.stream()
                .filter(each -> !each.incomplete().isEmpty())
                .forEach(each -> err.println("cowbench: " + each.kernel() + ": cow.c " + each.incomplete()));
        err.flush();
    }
}
