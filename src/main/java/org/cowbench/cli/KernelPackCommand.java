package org.cowbench.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.cowbench.kernel.Conformance;
import org.cowbench.kernel.KernelException;
import org.cowbench.kernel.ScriptPack;
import org.cowbench.litmus.Script;
import org.cowbench.litmus.ShippedScripts;
import org.cowbench.result.ResultWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code kernel pack}: scripts and the probe as one archive. */
@Command(
        name = "pack",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Packs scripts and a static probe into one archive that runs without Java.",
            "Its run.sh needs root, a shell, and swap or a disk for a swap file; it prints KTAP, in which a script"
                + " with a step that the kernel cannot do is SKIP. Nothing is judged there: 'kernel conform --from'"
                + " and 'kernel litmus --from' read the output and judge it as if the scripts had been run here. For"
                + " x86-64."
        },
        footerHeading = "%nExample:%n",
        footer = {
            "  ./run-bench.sh kernel pack --output cowbench.tar.gz --random 300",
            "  tar xzf cowbench.tar.gz && sudo cowbench/run.sh >output          there",
            "  ./run-bench.sh kernel conform --from output                      here",
            "",
            "Exit status: 0 done; 2 usage; 3 something is lacking."
        })
public final class KernelPackCommand implements Callable<Integer> {
    @Option(names = "--output", required = true, paramLabel = "FILE", description = "The archive, a .tar.gz.")
    private Path output;

    @Mixin
    private ScriptMixin what;

    @Option(
            names = "--random",
            paramLabel = "N",
            defaultValue = "0",
            description =
                    "Also N random scripts. Default: ${DEFAULT-VALUE}. Without scripts: those that come with cowbench.")
    private int random;

    @Option(
            names = "--seed",
            paramLabel = "S",
            defaultValue = "1",
            description = "Seed of the random scripts. Default: ${DEFAULT-VALUE}.")
    private long seed;

    @Spec
    private CommandSpec spec;

    /** Made by the command line. */
    public KernelPackCommand() {}

    @Override
    public Integer call() throws Exception {
        if (random < 0) {
            throw new ParameterException(spec.commandLine(), "--random " + random + "; expected a number from 0 on");
        }
        List<Script> scripts = new ArrayList<>(what.given());
        if (scripts.isEmpty()) {
            scripts.addAll(ShippedScripts.all());
        }
        scripts.addAll(Conformance.randomScripts(random, seed));
        List<Script> askable = Conformance.askable(scripts);
        if (askable.isEmpty()) {
            throw new ParameterException(
                    spec.commandLine(), "no kernel is asked any step of these scripts; name others");
        }
        try {
            ScriptPack.write(output, askable, System.getenv());
        } catch (KernelException e) {
            spec.commandLine().getErr().println("cowbench: " + e.getMessage());
            return e.kind().status();
        } catch (IOException e) {
            spec.commandLine()
                    .getErr()
                    .println("cowbench: " + output + " cannot be written: " + ResultWriter.reason(e)
                            + "; name a file in a folder that can be written");
            return ExitStatus.LACKS;
        }
        spec.commandLine().getOut().println(output + ": " + askable.size() + " scripts");
        spec.commandLine().getOut().flush();
        return ExitStatus.OK;
    }
}
