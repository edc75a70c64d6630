package org.cowbench.cli;

import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.cowbench.ab.AbException;
import org.cowbench.bench.BenchException;
import org.cowbench.bench.Suite;
import org.cowbench.compare.CompareView;
import org.cowbench.litmus.ScriptException;
import org.cowbench.policy.rule.RuleException;
import org.cowbench.report.compare.CompareFormat;
import org.cowbench.result.ResultException;
import org.cowbench.result.ResultStorageException;
import org.cowbench.workload.TraceFormatException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/** Entry point of {@code benchmarks.jar}: the command line and its failures. */
@Command(
        name = "run-bench.sh",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class,
        synopsisSubcommandLabel = "[COMMAND]",
        description = "Cost, safety and truth of reusing an anonymous page on a Linux write-protect fault.",
        footer = {
            "",
            "Without a command: the quick suite, its table and its plots, in " + Suite.QUICK_TIME + ".",
            "Example: ./run-bench.sh run --policy v5.9,v5.19 --bench WriteAfterRead",
            "",
            "Exit status: 0 fine; 1 a violation, regression or failed fork; 2 usage; 3 the machine lacks something,"
                    + " or output cannot be written; 4 what was asked could not be judged."
        },
        subcommands = {
            RunCommand.class,
            ListCommand.class,
            PlotCommand.class,
            LitmusCommand.class,
            CheckCommand.class,
            MergeCommand.class,
            KernelCommand.class,
            ReviewCommand.class,
            CompareCommand.class,
            AbCommand.class,
            MissesCommand.class,
            DoctorCommand.class
        })
public final class Main implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    private Main() {}

    /**
     * Runs cowbench and exits with its status.
     *
     * @param args command and options
     */
    public static void main(String[] args) {
        StandardOutput output = StandardOutput.install();
        CommandLine command = commandLine();
        int status = execute(command, args);
        String lost = output.finish();
        if (lost != null) {
            line(command, lost);
            status = ExitStatus.LACKS;
        }
        // While the JVM is shutting down on a signal it exits with the signal's status once this thread has ended.
        if (!Interruption.happened()) {
            System.exit(status);
        }
    }

    /**
     * Executes a command line; an error ends in a status of its own too, as 1 would say that something was found.
     *
     * @param command the command line
     * @param args command and options
     * @return the exit status
     */
    static int execute(CommandLine command, String... args) {
        try {
            return command.execute(args);
        } catch (OutOfMemoryError e) {
            line(
                    command,
                    "out of memory (" + e.getMessage() + "): give it a larger heap with JAVA_TOOL_OPTIONS=-Xmx...");
            return ExitStatus.LACKS;
        } catch (Error e) {
            return defect(command, e);
        }
    }

    /**
     * Builds the command line with all commands.
     *
     * @return the command line, its failures mapped to one line and an {@link ExitStatus}
     */
    static CommandLine commandLine() {
        CommandLine all = new CommandLine(new Main())
                .setExecutionStrategy(Usage::execute)
                .setParameterExceptionHandler(Main::usage)
                .setExecutionExceptionHandler(Main::failure);
        words(all, Suite.class);
        words(all, PublishedRun.Format.class);
        words(all, CompareFormat.class);
        words(all, CompareView.Order.class);
        words(all, CheckCommand.Format.class);
        words(all, LitmusCommand.Format.class);
        words(all, KernelLitmusCommand.Format.class);
        CommandLine kernel = command(all, "kernel");
        KernelTimelineCommand.hideHost(command(kernel, "timeline").getCommandSpec());
        KernelTimelineCommand.hideHost(command(kernel, "app").getCommandSpec());
        return all;
    }

    private static CommandLine command(CommandLine of, String name) {
        return Objects.requireNonNull(of.getSubcommands().get(name));
    }

    private static <E extends Enum<E>> void words(CommandLine command, Class<E> type) {
        command.registerConverter(type, new WordConverter<>(type));
    }

    @Override
    public Integer call() {
        return command(spec.commandLine(), "run").execute();
    }

    private static int usage(ParameterException e, String[] args) {
        CommandLine command = e.getCommandLine();
        if (e.getCause() instanceof RuleException rule) {
            // Three lines, as the last points at a place in the one before it.
            command.getErr().println("cowbench: --rule: " + rule.getMessage());
            command.getErr().flush();
            return ExitStatus.USAGE;
        }
        String message =
                e instanceof UnmatchedArgumentException unmatched ? Usage.unmatched(unmatched) : e.getMessage();
        line(command, message + " (see " + command.getCommandSpec().qualifiedName() + " --help)");
        return ExitStatus.USAGE;
    }

    private static int failure(Exception e, CommandLine command, CommandLine.ParseResult parsed) {
        if (StandardOutput.OutputException.isCauseOf(e)) {
            return ExitStatus.LACKS; // Said once, by whoever installed the output.
        }
        switch (e) {
            case ResultStorageException storage -> {
                line(command, storage.getMessage());
                return ExitStatus.LACKS;
            }
            case BenchException bench -> {
                line(command, bench.getMessage());
                return ExitStatus.LACKS;
            }
            case ScriptException script -> {
                line(command, script.getMessage());
                return ExitStatus.USAGE;
            }
            case AbException ab -> {
                line(command, ab.getMessage());
                return ExitStatus.LACKS;
            }
            case UncheckedIOException read
            when read.getCause() instanceof TraceFormatException trace -> {
                line(command, trace.getMessage());
                return ExitStatus.LACKS;
            }
            case ResultException result -> {
                line(command, result.getMessage());
                return ExitStatus.USAGE;
            }
            default -> {
                return defect(command, e);
            }
        }
    }

    private static int defect(CommandLine command, Throwable e) {
        line(command, "internal error, please report it with what follows");
        e.printStackTrace(command.getErr());
        command.getErr().flush();
        return ExitStatus.INTERNAL;
    }

    private static void line(CommandLine command, @Nullable String message) {
        PrintWriter err = command.getErr();
        err.println("cowbench: " + String.valueOf(message).strip().replaceAll("\\s*\\R\\s*", " "));
        err.flush();
    }

    /** Tells the version of the jar. */
    static final class Version implements CommandLine.IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {"cowbench " + number()};
        }

        static String number() {
            String version = Main.class.getPackage().getImplementationVersion();
            return version == null ? "(not from a jar)" : version;
        }
    }
}
