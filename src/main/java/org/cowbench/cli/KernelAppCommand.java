package org.cowbench.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.cowbench.cli.option.PlotsOption;
import org.cowbench.cli.option.ShardOption;
import org.cowbench.kernel.GuestOptions;
import org.cowbench.kernel.KernelImage;
import org.cowbench.kernel.KernelSession;
import org.cowbench.kernel.LogFinding;
import org.cowbench.kernel.app.App;
import org.cowbench.kernel.app.AppBench;
import org.cowbench.kernel.app.AppBoot;
import org.cowbench.kernel.app.Apps;
import org.cowbench.kernel.app.Plan;
import org.cowbench.kernel.app.Program;
import org.cowbench.report.kernel.AppPlot;
import org.cowbench.report.kernel.AppTable;
import org.cowbench.result.Environment;
import org.cowbench.result.ResultDirectory;
import org.cowbench.result.Shard;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code kernel app}: what kernels cost a real program under load. */
@Command(
        name = "app",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Measures what real kernels cost a program under load, with less memory than it needs.",
            "A guest fills the program, limits its memory to a share of what it then uses, and plays loads. Counted of"
                + " each request: instructions of the program, with the kernel's work in its name, without the"
                + " client's; swap-ins and outs, faults, pages reused; and redis's fork for a snapshot. Boots of the"
                + " same number have the same requests on every kernel. A result directory for each kernel, called"
                + " L-SERIES if there are several, so that 'compare' compares two kernels; and a picture of all, in"
                + " plots/L.",
            "",
            "redis: loads fill (every key once), get, set, mix (ten GETs a SET), zipf (the same, keys by Zipf's law),"
                    + " save (the mix while a snapshot is written).",
            "memcached: the same loads but save; it has one worker thread.",
            ""
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  ./run-bench.sh kernel app redis --cached 5.10,6.1 --label redis",
            "  ./run-bench.sh compare redis-5.10 redis-6.1",
            "  ./run-bench.sh kernel app redis --image A/bzImage --image B/bzImage --boots 5",
            "  ./run-bench.sh kernel app memcached --cached 5.10,7.3 --boots 3 --label memcached",
            "  ./run-bench.sh kernel app redis --cached 5.10 --boots 30 --shard 1/3 --label night-1     then 'merge'",
            "  ./run-bench.sh kernel build --series 5.10 --enable NET --enable UNIX   # programs need Unix sockets",
            "",
            "Packages are fetched into the folder COWBENCH_APPS names, else ~/.cache/cowbench/apps.",
            "",
            "Exit status: 0 done; 1 a kernel or the program did not survive it, or the kernel's log says that"
                    + " something is",
            "  wrong; 2 usage; 3 something is lacking."
        })
final class KernelAppCommand implements Callable<Integer> {

    /** Which kernels, and how often. */
    static final class Boots extends KernelBootsMixin {
        @Option(
                names = "--boots",
                paramLabel = "N",
                defaultValue = "5",
                description = "Boots of each kernel, with other requests each. Default: ${DEFAULT-VALUE}.")
        private int boots;

        Boots() {}

        @Override
        int boots() {
            return boots;
        }
    }

    @Parameters(paramLabel = "APP", description = "The program: redis or memcached.")
    private String name;

    @Mixin
    private Boots boots;

    @Option(
            names = "--keys",
            paramLabel = "N",
            defaultValue = "16000",
            description = "Keys that the program holds. Default: ${DEFAULT-VALUE}.")
    private int keys;

    @Option(
            names = "--value",
            paramLabel = "BYTES",
            defaultValue = "2048",
            description = "Size of each value. Default: ${DEFAULT-VALUE}.")
    private int bytes;

    @Option(
            names = "--requests",
            paramLabel = "N",
            defaultValue = "20000",
            description = "Requests of each load. Default: ${DEFAULT-VALUE}.")
    private int requests;

    @Option(
            names = "--pipeline",
            paramLabel = "N",
            defaultValue = "16",
            description = "Requests sent before the first reply is waited for. Default: ${DEFAULT-VALUE}.")
    private int pipeline;

    @Option(
            names = "--percent",
            paramLabel = "P",
            defaultValue = "80",
            description = "Limit of the program's memory, of what it uses when it holds all keys; 100 and more leave it"
                    + " room. Default: ${DEFAULT-VALUE}.")
    private int percent;

    @Option(
            names = "--memory",
            paramLabel = "MIB",
            description = "Memory of the guest. Default: what the program needs"
                    + " without a limit, and a snapshot's copies.")
    private @Nullable Integer memory;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "1",
            description = "Seed of the requests; boot K has those of N + K. Default: ${DEFAULT-VALUE}.")
    private long seed;

    @Option(
            names = "--count",
            paramLabel = "NAME,...",
            split = ",",
            description = "Kernel functions whose calls by the program are counted too, such as lru_add_drain. Each"
                    + " call then costs it a trap: compare instructions of results with the same --count. A function"
                    + " that a kernel lacks or has inlined is named and left out.")
    private List<String> counted = new ArrayList<>();

    @Option(
            names = "--suite",
            paramLabel = "SUITE",
            defaultValue = Program.SUITE,
            description = "Debian's suite that the program's packages are fetched from. Default: ${DEFAULT-VALUE}.")
    private String suite;

    @Option(
            names = "--packages",
            paramLabel = "DIR",
            description = "A folder with its packages and those they depend on, instead of fetched ones.")
    private @Nullable Path packages;

    @Mixin
    private ShardOption shards;

    @Mixin
    private PlotsOption.OrNone plots;

    @Spec
    private CommandSpec spec;

    KernelAppCommand() {}

    @Override
    public Integer call() throws Exception {
        return boots.guarded(this::run);
    }

    private int run() throws IOException {
        App app = Apps.of(name)
                .orElseThrow(() -> new ParameterException(
                        spec.commandLine(), "no program '" + name + "'; there is " + Apps.names()));
        if (boots.host()) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--host: programs are put under load in guests only, whose"
                            + " instructions are counted; name a kernel by --image, --deb or --cached");
        }
        boots.refuse("goes with --host; guests have their own swap", "--setup-swap");
        App.Size size = new App.Size(
                within("--keys", keys, 1, Plan.MOST_KEYS),
                within("--value", bytes, 1, 16384),
                within("--requests", requests, 1, 10_000_000),
                within("--pipeline", pipeline, 1, 256),
                within("--percent", percent, 1, 1000));
        if ((long) bytes * pipeline > Plan.LARGEST_BATCH) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--pipeline " + pipeline + " of --value " + bytes + " is too much at once; expected at most "
                            + Plan.LARGEST_BATCH + " bytes together");
        }
        for (String function : counted) {
            if (!function.matches("[A-Za-z_][A-Za-z0-9_.]{0,62}")) {
                throw new ParameterException(
                        spec.commandLine(), "--count: '" + function + "' is no name of a function");
            }
        }
        if (counted.size() > Plan.MOST_COUNTED) {
            throw new ParameterException(
                    spec.commandLine(), "--count: " + counted.size() + " functions; at most " + Plan.MOST_COUNTED);
        }
        if (memory != null) {
            within("--memory", memory, 32, 65536);
        }
        String label = boots.begin();
        Shard shard = shards.shard(boots.boots(), "boots");
        Places.demand(boots.results(), plots.wanted());
        Map<String, KernelImage> kernels = boots.kernels();
        boots.demand(kernels);
        Program program = Program.of(
                app, packages != null ? packages : Program.fetch(app, suite, Program.cache(System.getenv())));
        GuestOptions options = boots.options(AppBench.options(app, size, System.getenv(), memory == null ? 0 : memory));
        Map<String, String> facts = new LinkedHashMap<>(AppBench.environment(app, size, program));
        if (!counted.isEmpty()) {
            facts.put("app.count", String.join(" ", counted));
        }
        if (shard != null) {
            facts.put(Environment.SHARD, shard.toString());
            facts.put(Environment.SHARD_ARGUMENTS, String.join(" ", shards.arguments()));
        }
        return boots.measure(
                new KernelBootsMixin.Work<>(
                        options,
                        boots.boots(),
                        seed,
                        shard,
                        facts,
                        (kernel, boot, session) -> measure(app, program, size, kernel, boot, session),
                        (writer, info, measured, several) -> AppBench.save(app, writer, info, measured, several)),
                label,
                kernels,
                false,
                results -> show(label, results));
    }

    private void show(String label, List<ResultDirectory> results) throws IOException {
        PrintWriter err = spec.commandLine().getErr();
        AppTable.print(results, spec.commandLine().getOut());
        spec.commandLine().getOut().flush();
        Path drawn = plots.wanted();
        if (drawn == null) {
            return;
        }
        Path target = drawn.resolve(label);
        if (!AppPlot.draw(results, target, line -> err.println("cowbench: " + line))
                .isEmpty()) {
            err.println("plots: " + target);
            err.flush();
        }
    }

    private int within(String option, int value, int least, int most) {
        if (value < least || value > most) {
            throw new ParameterException(
                    spec.commandLine(), option + " " + value + "; expected " + least + " to " + most);
        }
        return value;
    }

    private AppBoot measure(App app, Program program, App.Size size, String kernel, int boot, KernelSession session) {
        AppBoot one = AppBoot.run(
                kernel, session, app, program, app.plan(size, seed + boot).count(counted), load -> {
                    PrintWriter err = spec.commandLine().getErr();
                    synchronized (err) {
                        err.println(kernel + ": boot " + boot + ": " + load);
                        err.flush();
                    }
                });
        boots.noteLog(kernel, session);
        one.log().stream().filter(LogFinding::counts).forEach(finding -> {
            boots.report(kernel, app.name(), finding);
            boots.found();
        });
        return one;
    }
}
