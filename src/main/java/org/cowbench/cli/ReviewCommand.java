package org.cowbench.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.function.BiFunction;
import org.cowbench.cli.option.GateOptions;
import org.cowbench.cli.option.Given;
import org.cowbench.cli.option.Home;
import org.cowbench.cli.option.ResultsOption;
import org.cowbench.compare.CompareOptions;
import org.cowbench.compare.RowFilter;
import org.cowbench.kernel.GuestOptions;
import org.cowbench.kernel.KernelBuild;
import org.cowbench.kernel.KernelException;
import org.cowbench.kernel.KernelImage;
import org.cowbench.kernel.KernelMatrix;
import org.cowbench.kernel.KernelSession;
import org.cowbench.report.review.ReviewHtml;
import org.cowbench.report.review.ReviewJson;
import org.cowbench.report.review.ReviewKtap;
import org.cowbench.report.review.ReviewText;
import org.cowbench.result.Environment;
import org.cowbench.result.ResultWriter;
import org.cowbench.result.Revision;
import org.cowbench.result.RunInfo;
import org.cowbench.result.Writable;
import org.cowbench.review.Parts;
import org.cowbench.review.Review;
import org.cowbench.review.ReviewFolder;
import org.cowbench.review.ReviewJudge;
import org.cowbench.review.ReviewLimits;
import org.cowbench.review.ReviewPart;
import org.cowbench.review.ReviewPlan;
import org.cowbench.review.ReviewRun;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code review}: from a patch to a page for the reply. */
@Command(
        name = "review",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "From a patch to a page for the reply: what it changes, whether it is safe, what it costs.",
            "Builds a kernel without and with it, or takes two, and asks both: which known rule each follows, what the"
                    + " head does otherwise than the base, what of isolation, secrecy and pin-coherence it introduces,"
                    + " removes or keeps, how the shipped scripts end, what accesses cost. The page says what was not"
                    + " covered, too.",
            "The folder holds review.txt, review.json, review.ktap, index.html with plots, and each part's own output."
                    + " Interrupted, it goes on with the first part that is not there."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  b4 am -o - ID | ./run-bench.sh review --series 7.3 --patch -",
            "  ./run-bench.sh review --git ~/linux v6.18..my-branch --output ~/my-branch",
            "  ./run-bench.sh review --base-image 5.10 --head-image arch/x86/boot/bzImage --quick",
            "  ./run-bench.sh review --resume ~/my-branch",
            "",
            "Exit status: 0 nothing was found that the head adds; 1 something was, a kernel crashed or hung,"
                    + " --fail-over",
            "  failed, or a change does not apply, changes nothing or does not compile; 2 usage; 3 something is"
                    + " lacking;",
            "  4 not all could be judged."
        })
final class ReviewCommand implements Callable<Integer> {

    /** How the page is printed. */
    enum Format {
        /** One page of 72 columns. */
        text,
        /** KTAP version 1. */
        ktap,
        /** One JSON object. */
        json
    }

    private static final long LINE_NANOS = 500_000_000L;
    private static final double SECONDS_PER_MINUTE = 60;

    @Mixin
    private BuildMixin build;

    @Option(
            names = "--base-image",
            paramLabel = "KERNEL",
            description = "Instead of building: the base, a bzImage, a linux-image package (.deb) or a cached series.")
    private @Nullable String baseImage;

    @Option(names = "--head-image", paramLabel = "KERNEL", description = "The head, likewise.")
    private @Nullable String headImage;

    @Option(
            names = "--base-modules",
            paramLabel = "DIR",
            description = "lib/modules/RELEASE of a base that is a bzImage, unless all it needs is built in.")
    private @Nullable Path baseModules;

    @Option(names = "--head-modules", paramLabel = "DIR", description = "The same of the head.")
    private @Nullable Path headModules;

    @Option(names = "--quick", description = "A first look: a shorter check, fewer scripts, pages and boots.")
    private boolean quick;

    @Option(
            names = "--budget",
            paramLabel = "TIME",
            converter = TimeConverter.class,
            description = "How long to check each"
                    + " kernel, both at the same time, such as 90s or 10m. Default: 3m; 45s with --quick.")
    private @Nullable Double budget;

    @Option(
            names = "--seed",
            paramLabel = "S",
            defaultValue = "1",
            description = "Seed of the random scripts. Default: ${DEFAULT-VALUE}.")
    private long seed;

    @Option(
            names = "--cow",
            paramLabel = "FILE",
            description = "Also runs the kernel's own cow.c, as src/main/scripts/build-cow.sh has built it.")
    private @Nullable Path cow;

    @Mixin
    private GateOptions gate;

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            description = "Longest boot and longest silence of a guest. Default: 240.")
    private @Nullable Integer timeout;

    @Option(
            names = "--output",
            paramLabel = "DIR",
            description = "The review's folder. Default: review-TIME among the results.")
    private @Nullable Path output;

    @Option(
            names = "--resume",
            paramLabel = "DIR",
            description = "Goes on with the review in a folder: parts that are complete are read.")
    private @Nullable Path resume;

    @Option(
            names = "--format",
            defaultValue = "text",
            paramLabel = "text|ktap|json",
            description = "What standard output gets. Default: ${DEFAULT-VALUE}.")
    private Format format;

    @Mixin
    private ResultsOption results;

    @Spec
    private CommandSpec spec;

    private @Nullable RedrawnLine line;

    ReviewCommand() {}

    @Override
    public Integer call() throws Exception {
        PrintWriter err = err();
        line = new RedrawnLine(System::nanoTime, err, ProgressLine.onTerminal(System.getenv()), LINE_NANOS);
        try {
            return run();
        } catch (KernelException e) {
            progress().clear();
            e.log().lines().forEach(said -> err.println("  | " + said));
            err.println("cowbench: " + e.getMessage());
            err.flush();
            return e.kind().status();
        }
    }

    private PrintWriter err() {
        return spec.commandLine().getErr();
    }

    private RedrawnLine progress() {
        return Objects.requireNonNull(line);
    }

    private int run() throws IOException, InterruptedException {
        check();
        KernelImage base;
        KernelImage head;
        ReviewPlan plan;
        Path folder;
        if (resume != null) {
            folder = resume;
            plan = ReviewFolder.plan(resume);
            base = taken(plan.base());
            head = taken(plan.head());
        } else {
            folder = output != null
                    ? output
                    : results.directory()
                            .resolve(
                                    ResultWriter.defaultLabel(Instant.now().truncatedTo(ChronoUnit.SECONDS), "review"));
            Writable.demandTemporary(System.getenv());
            Writable.demand(folder, "make it writable or choose another place with --output DIR");
            if (build.given()) {
                KernelBuild.Pair pair = KernelBuild.pair(build.words());
                if (pair.base() == null || pair.head() == null) {
                    return pair.status(); // The script has said why.
                }
                base = KernelImage.of(pair.base(), null);
                head = KernelImage.of(pair.head(), null);
            } else {
                base = KernelImage.named(Objects.requireNonNull(baseImage), baseModules, System.getenv());
                head = KernelImage.named(Objects.requireNonNull(headImage), headModules, System.getenv());
            }
            plan = new ReviewPlan(
                    ReviewPlan.SCHEMA,
                    ReviewPlan.Kernel.of(base, path(baseModules)),
                    ReviewPlan.Kernel.of(head, path(headModules)),
                    build.given(),
                    build.given() ? beside(head, ".titles") : List.of(),
                    build.given() ? beside(head, ".uncompiled") : List.of(),
                    build.given() && build.checks(),
                    limits(),
                    path(cow));
        }
        return review(plan, folder, base, head);
    }

    /** What the build script says of the patches, in a file beside the kernel. */
    private static List<String> beside(KernelImage head, String suffix) throws IOException {
        Path file = Path.of(head.source() + suffix);
        return Files.exists(file) ? Files.readAllLines(file) : List.of();
    }

    private void check() {
        gate.check();
        boolean images = baseImage != null || headImage != null;
        if (resume != null && (build.given() || images || output != null || quick || budget != null || cow != null)) {
            throw usage("--resume DIR takes kernels and limits from the folder; leave out what says others");
        }
        if (resume == null && build.given() && images) {
            throw usage("kernels are built, or given by --base-image and --head-image; not both");
        }
        if (resume == null && !build.given() && (baseImage == null || headImage == null)) {
            throw usage(
                    "what is to be reviewed? --git TREE BASE..HEAD, --series SERIES --patch FILE, --source DIR --patch"
                            + " FILE, or --base-image KERNEL and --head-image KERNEL");
        }
        if (timeout != null && timeout < 1) {
            throw usage("--timeout " + timeout + "; expected at least 1");
        }
        if (cow != null && !Files.isRegularFile(cow)) {
            throw usage("--cow " + cow + ": no such file; src/main/scripts/build-cow.sh FOLDER builds one, FOLDER/cow");
        }
    }

    private ParameterException usage(String message) {
        return new ParameterException(spec.commandLine(), message);
    }

    private ReviewLimits limits() {
        ReviewLimits limits = (quick ? ReviewLimits.QUICK : ReviewLimits.WHOLE).withSeed(seed);
        return budget == null ? limits : limits.withCheck(budget);
    }

    private static String path(@Nullable Path file) {
        return file == null ? "" : file.toAbsolutePath().normalize().toString();
    }

    /** The kernel that a review began with. */
    private static KernelImage taken(ReviewPlan.Kernel kernel) {
        KernelImage image = KernelImage.named(
                kernel.source(), kernel.modules().isEmpty() ? null : Path.of(kernel.modules()), System.getenv());
        if (!image.sha256().equals(kernel.sha256())) {
            throw new KernelException(
                    KernelException.Kind.USAGE,
                    kernel.source() + " is not the kernel that the review began with;"
                            + " begin anew with --output DIR");
        }
        return image;
    }

    private int review(ReviewPlan plan, Path where, KernelImage base, KernelImage head) {
        GuestOptions scripts = limited(GuestOptions.scripts(System.getenv()));
        ReviewRun.Measuring measuring = new ReviewRun.Measuring(
                limited(GuestOptions.bench(System.getenv(), plan.limits().pages())), info(), base, head);
        Optional<byte[]> program = program(plan);
        try (ReviewFolder folder = ReviewFolder.open(where, plan)) {
            err().println("review: in " + where + "; if it is interrupted, 'review --resume " + where + "' goes on");
            err().flush();
            Parts parts;
            try {
                parts = new ReviewRun(plan, folder, new Guests(base, head), this::tell)
                        .run(scripts, measuring, program);
            } catch (KernelException e) {
                folder.discard();
                throw new KernelException(e.kind(), plan.placed(String.valueOf(e.getMessage())), e.log(), e);
            } catch (RuntimeException e) {
                folder.discard();
                throw e;
            }
            progress().clear();
            Review review = ReviewJudge.of(
                    plan, parts, new CompareOptions(gate.failOver(), gate.strict(), true, RowFilter.ALL, 1));
            return show(review, folder);
        }
    }

    private static Optional<byte[]> program(ReviewPlan plan) {
        try {
            return plan.cow().isEmpty() ? Optional.empty() : Optional.of(Files.readAllBytes(Path.of(plan.cow())));
        } catch (IOException e) {
            throw new KernelException(
                    KernelException.Kind.USAGE,
                    "--cow " + plan.cow() + " cannot be read;"
                            + " src/main/scripts/build-cow.sh FOLDER builds one, FOLDER/cow",
                    "",
                    e);
        }
    }

    private int show(Review review, ReviewFolder folder) {
        String text = ReviewText.of(review);
        String json = ReviewJson.of(review);
        String ktap = ReviewKtap.of(review);
        folder.text("review.txt", text);
        folder.text("review.json", json);
        folder.text("review.ktap", ktap);
        ReviewHtml.write(review, folder.path(), said -> err().println("cowbench: " + said));
        err().println("results: " + folder.path());
        err().flush();
        PrintWriter out = spec.commandLine().getOut();
        out.print(
                switch (format) {
                    case text -> text;
                    case ktap -> ktap;
                    case json -> json;
                });
        out.flush();
        return switch (review.verdict()) {
            case NOTHING_ADDED -> ExitStatus.OK;
            case ADDS -> ExitStatus.FOUND;
            case NOT_JUDGED -> ExitStatus.NOT_JUDGED;
        };
    }

    private GuestOptions limited(GuestOptions options) {
        return timeout == null ? options : options.withLimit(Duration.ofSeconds(timeout));
    }

    private RunInfo info() {
        Revision revision = Revision.of(Home.path());
        return new RunInfo(
                RunInfo.SCHEMA,
                "",
                revision.commit(),
                revision.dirty(),
                Given.words(spec),
                0,
                "kernel",
                Instant.now().truncatedTo(ChronoUnit.MILLIS).toString(),
                0,
                false,
                new TreeMap<>(Environment.capture(List.of())),
                List.of(),
                List.of());
    }

    /** The beginning of a part is a line of its own, so that a log tells what was done. */
    private void tell(ReviewPart part, String text, double secondsLeft) {
        String left = String.format(Locale.ROOT, "; about %.0f min left", Math.ceil(secondsLeft / SECONDS_PER_MINUTE));
        if (text.isEmpty()) {
            progress().clear();
            err().println("review: " + part.title() + left);
            err().flush();
        } else {
            progress().show(() -> "review: " + part.id() + ": " + text + left);
        }
    }

    /** Both kernels as guests. */
    private record Guests(KernelImage base, KernelImage head) implements ReviewRun.Guests {
        @Override
        public <T> T both(GuestOptions options, BiFunction<KernelSession, KernelSession, T> question) {
            return KernelMatrix.askBoth(base, head, options, System.getenv(), question);
        }
    }
}
