package org.cowbench.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import org.cowbench.ab.AbBuild;
import org.cowbench.ab.AbException;
import org.cowbench.ab.AbPlan;
import org.cowbench.ab.AbSession;
import org.cowbench.ab.AbStudy;
import org.cowbench.ab.JarRunner;
import org.cowbench.bench.Catalog;
import org.cowbench.cli.option.GateOptions;
import org.cowbench.cli.option.Given;
import org.cowbench.cli.option.Home;
import org.cowbench.cli.option.LabelOption;
import org.cowbench.cli.option.PlotsOption;
import org.cowbench.cli.option.ResultsOption;
import org.cowbench.cli.option.SeedOption;
import org.cowbench.compare.CompareOptions;
import org.cowbench.compare.Comparison;
import org.cowbench.compare.ComparisonBuilder;
import org.cowbench.kernel.KernelException;
import org.cowbench.kernel.KernelImage;
import org.cowbench.kernel.app.Apps;
import org.cowbench.noise.Doctor;
import org.cowbench.noise.Finding;
import org.cowbench.noise.MeasurementLock;
import org.cowbench.report.compare.CompareFormat;
import org.cowbench.result.ResultDirectory;
import org.cowbench.result.ResultWriter;
import org.cowbench.result.Revision;
import org.cowbench.stats.Rule;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ab}: two commits or two kernels, measured in one sitting and compared. */
@Command(
        name = "ab",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Build two commits, measure them in the same blocks, and compare them.",
            "Forks of both run in mirrored blocks of random order, with a second copy of the base among them as a"
                    + " control: when base and control are found to differ, nothing is concluded.",
            "",
            "Each side runs 2 forks a block and benchmark, of some 2 to 4 seconds each, by default 480 forks, about 18"
                + " minutes; --quick takes half of it. Kernels take 2 boots a block and side, of some 12 seconds each"
                + " (a program 40), and at most 120 of them, 24 minutes: they count instructions, whose medians often"
                + " repeat exactly, so after 4, 8 and 12 blocks (24 boots, 5 minutes, to the first look) a session of"
                + " kernels ends once every score is decided. The looks share the level in equal parts, so early ends"
                + " add no errors. Building a commit takes half a minute the first time. An estimate is printed before"
                + " the first fork. What makes numbers lie here ('doctor') is warned of, and kept with the results.",
            "",
        },
        footer = {
            "",
            "Example: ./run-bench.sh ab HEAD~1 HEAD",
            "Example: ./run-bench.sh ab v0.1 . --bench 'WriteAfterRead.l2;.*PINNED' --fail-over 3",
            "Example: ./run-bench.sh ab --image bzImage-6.1 --image bzImage-6.12",
            "Example: ./run-bench.sh ab --image A/bzImage --image B/bzImage --app redis --blocks 5",
            "",
            "A session that was interrupted or killed goes on with: ./run-bench.sh ab --resume LABEL",
            "Exit status: 0 compared; 1 the gate failed; 2 usage; 3 a commit does not build, or forks cannot run; 4 the"
                    + " session is invalid, or the gate could not be judged; 130 interrupted."
        })
final class AbCommand implements Callable<Integer> {
    private static final String CELLS =
            "^WriteAfterRead\\.l2;policy=(v5\\.9|v5\\.19);situation=(SWAPCACHE|HIDDEN_SHARER)$";
    private static final int QUICK = 10;
    private static final int CLAIM = 20;
    private static final int MOST_BLOCKS = 1000;
    /** Blocks of kernels after which what is decided already ends a session. */
    private static final List<Integer> EARLY_LOOKS = List.of(4, 8, 12);

    private static final int COPIES = 7;
    static final String TIMING = "--timing";

    @Spec
    private CommandSpec spec;

    @Parameters(
            arity = "0..2",
            paramLabel = "REV1 REV2",
            description = "Base and head: anything git resolves to a commit, or '.' for the sources as they are here.")
    private List<String> revisions = new ArrayList<>();

    @Option(
            names = "--quick",
            description = "10 blocks: a look, which says where to measure more. Without it "
                    + "20 blocks: enough for a claim. For kernels, at most.")
    private boolean quick;

    @Option(names = "--blocks", paramLabel = "N", description = "Exactly N blocks; each side runs twice in each.")
    private @Nullable Integer blocks;

    @Option(
            names = "--bench",
            paramLabel = "REGEX",
            description = "Benchmarks with parameters, as 'list --cells' prints them; default: WriteAfterRead.l2 under"
                    + " v5.9 and v5.19 in the situations SWAPCACHE and HIDDEN_SHARER.")
    private @Nullable String bench;

    @Option(
            names = "--image",
            paramLabel = "BZIMAGE",
            description = "Twice: compare two kernels instead of two commits, as 'kernel bench' measures them. A"
                    + " driver of a virtio or NVMe disk must be built in.")
    private List<Path> images = new ArrayList<>();

    @Option(
            names = "--app",
            paramLabel = "APP",
            description = "With --image: a program on both kernels, as 'kernel app' measures it, instead of 'kernel"
                    + " bench'. Block K has the requests of seed K on both.")
    private @Nullable String app;

    @Option(names = "--no-control", description = "Measure no control; the comparison says that it has none.")
    private boolean noControl;

    @Option(
            names = "--label",
            paramLabel = "L",
            description =
                    "Results are called L-base, L-head and L-control, the plots L; default: time and the word ab.")
    private @Nullable String label;

    @Option(names = "--resume", paramLabel = "L", description = "Go on with a session that was interrupted.")
    private @Nullable String resume;

    @Mixin
    private SeedOption seed;

    @Mixin
    private ResultsOption results;

    @Mixin
    private PlotsOption.OrNone plots;

    @Option(names = "--format", defaultValue = "text", paramLabel = "F", description = "As of 'compare'.")
    private CompareFormat format;

    @Mixin
    private GateOptions gate;

    @Option(
            names = "--self",
            description = "Study this tool's own error rates: one commit against seven copies of itself, and against"
                    + " two that are slowed down by 3 %% and by 1 %%.")
    private boolean self;

    @Option(names = TIMING, hidden = true, paramLabel = "W,M,MS", description = "As of 'run', for trying things out.")
    private @Nullable String timing;

    /** Held while this measures times; null before, and when it counts instructions, which no other load changes. */
    private @Nullable MeasurementLock lock;

    @Override
    public Integer call() throws InterruptedException {
        check();
        Places.demand(results.directory(), plots.wanted());
        try (Interruption interruption = Interruption.listen()) {
            AbSession session;
            try {
                session = resume != null ? reopen(resume) : begin();
            } catch (AbException e) {
                if (interruption.explainsFailure()) {
                    say("cowbench: interrupted; nothing was measured");
                    return ExitStatus.INTERRUPTED;
                }
                throw e;
            }
            try (session) {
                return call(session, interruption);
            }
        } finally {
            if (lock != null) {
                lock.close();
            }
        }
    }

    private int call(AbSession session, Interruption interruption) throws InterruptedException {
        String name = session.plan().label();
        List<Path> written;
        try {
            if (!measure(session, interruption)) {
                return interrupted(progress(session));
            }
            written = session.finish();
        } catch (AbException e) {
            if (interruption.explainsFailure()) {
                return interrupted(progress(session));
            }
            throw new AbException(e.getMessage() + "; " + progress(session), e);
        }
        written.forEach(path -> say("results: " + path));
        if (Interruption.happened()) {
            return interrupted("all is measured; compare it with: ./run-bench.sh compare " + written.get(0) + " "
                    + written.get(1));
        }
        return session.plan().sides().size() > 3 ? study(written) : compare(written, name);
    }

    private int interrupted(String what) {
        say("cowbench: interrupted; " + what);
        return ExitStatus.INTERRUPTED;
    }

    private String progress(AbSession session) {
        return session.done() + " of " + AbProgress.atMost(session.plan())
                + session.plan().slots().size() + " forks are done; go on with: ./run-bench.sh ab --resume "
                + session.plan().label() + ResultsOption.words(results.directory());
    }

    private void say(String line) {
        spec.commandLine().getErr().println(line);
        spec.commandLine().getErr().flush();
    }

    private void check() {
        gate.check();
        if (resume != null) {
            if (!revisions.isEmpty()
                    || !images.isEmpty()
                    || bench != null
                    || app != null
                    || blocks != null
                    || quick
                    || self
                    || noControl
                    || label != null
                    || seed.given()
                    || timing != null) {
                throw usage(
                        "--resume goes on with the plan it had; it takes no revisions, and no option that changes what"
                                + " is measured");
            }
            return;
        }
        if (images.isEmpty()
                ? revisions.size() != (self ? 1 : 2)
                : images.size() != 2 || !revisions.isEmpty() || self) {
            throw usage(self ? "--self wants one revision" : "two revisions are compared, or two --image");
        }
        if (!images.isEmpty() && bench != null) {
            throw usage("--bench selects benchmarks of commits; kernels are measured by all of 'kernel bench'");
        }
        if (app != null) {
            if (images.isEmpty()) {
                throw usage("--app goes with two --image: programs are measured on kernels");
            }
            if (Apps.of(app).isEmpty()) {
                throw usage("no program '" + app + "'; there is " + Apps.names());
            }
        }
        if (blocks != null && (blocks < 1 || blocks > MOST_BLOCKS)) {
            throw usage("--blocks must be from 1 to " + MOST_BLOCKS + ", not " + blocks);
        }
        LabelOption.demandName(spec, label);
        for (Path image : images) {
            try {
                KernelImage.of(image, null);
            } catch (KernelException e) {
                throw usage(String.valueOf(e.getMessage()));
            }
        }
    }

    private AbSession reopen(String resumed) throws InterruptedException {
        AbSession session = AbSession.open(results.directory(), resumed);
        try {
            new JarRunner(session.directory()).endLeftovers();
            if (session.plan().timed()) {
                measureAlone();
                session.note(look());
            }
            return session;
        } catch (InterruptedException | RuntimeException e) {
            session.close();
            throw e;
        }
    }

    private AbSession begin() throws InterruptedException {
        List<AbSides.Wanted> wanted = wanted();
        String name = label != null ? label : ResultWriter.defaultLabel(Instant.now(), "ab");
        AbSession.taken(
                        results.directory(),
                        name,
                        wanted.stream().map(AbSides.Wanted::name).toList())
                .ifPresent(problem -> {
                    throw usage(problem);
                });
        Pattern pattern = pattern();
        AbBuild build = new AbBuild(Home.path(), line -> say("cowbench: " + line));
        for (String revision : revisions) {
            if (!revision.equals(AbBuild.HERE) && build.commit(revision).isEmpty()) {
                throw usage("git knows no commit '" + revision + "'");
            }
            demandBenchmark(build, revision, pattern);
        }
        for (String revision : revisions) {
            build.demandPlace(revision);
        }
        if (images.isEmpty()) {
            measureAlone();
        }
        // Before building: that is a load, which has gone when forks start.
        List<String> findings = images.isEmpty() ? look() : List.of();
        Map<String, Path> jars = new LinkedHashMap<>();
        List<AbPlan.Side> sides = new ArrayList<>();
        for (AbSides.Wanted side : wanted) {
            AbBuild.Built built = build.build(side.revision());
            jars.put(side.jar(), built.jar());
            sides.add(new AbPlan.Side(
                    side.name(),
                    side.jar(),
                    built.revision().commit(),
                    built.revision().dirty(),
                    side.verb()));
        }
        List<String> cells = images.isEmpty()
                ? cells(
                        Objects.requireNonNull(jars.get(wanted.get(0).jar())),
                        Objects.requireNonNull(jars.get(wanted.get(1).jar())),
                        pattern)
                : List.of("");
        List<Integer> looks = looks();
        AbSession session = AbSession.create(
                results.directory(),
                new AbPlan(AbPlan.SCHEMA, name, sides, cells, looks.getLast(), looks, seed.value(), Given.words(spec)),
                jars);
        session.note(findings);
        return session;
    }

    /** Times scatter so much that looks before the last would decide little, and cost it power. */
    private List<Integer> looks() {
        int most = blocks != null ? blocks : quick ? QUICK : CLAIM;
        List<Integer> looks = new ArrayList<>();
        if (blocks == null && !images.isEmpty()) {
            EARLY_LOOKS.stream().filter(look -> look < most).forEach(looks::add);
        }
        looks.add(most);
        return looks;
    }

    /** Where these sources are a side they tell what is in both, before anything is built. */
    private void demandBenchmark(AbBuild build, String revision, Pattern pattern) throws InterruptedException {
        Revision here = Revision.of(Home.path());
        boolean known = revision.equals(AbBuild.HERE)
                || !here.dirty()
                        && build.commit(revision).filter(here.commit()::equals).isPresent();
        if (known
                && Catalog.cells().stream()
                        .noneMatch(cell -> pattern.matcher(cell.tag()).find())) {
            throw usage("nothing to compare: no benchmark of " + revision + " matches '" + pattern
                    + "'; 'list --cells' names them all");
        }
    }

    /** From here on no other run measures; forks have it through this process. */
    private void measureAlone() {
        lock = MeasurementLock.take();
        lock.refusal().ifPresent(why -> {
            throw new AbException(why);
        });
        lock.warning().ifPresent(line -> say("warning: " + line));
    }

    /** What makes numbers lie here. */
    private List<String> look() {
        List<String> bad = Doctor.examine().stream()
                .filter(finding -> finding.severity() == Finding.Severity.BAD)
                .map(finding -> "before measuring: " + finding.line())
                .toList();
        bad.forEach(line -> say("warning: " + line));
        return bad;
    }

    private List<AbSides.Wanted> wanted() {
        return !images.isEmpty()
                ? AbSides.kernels(images, app, !noControl)
                : self
                        ? AbSides.study(revisions.getFirst(), COPIES, timing)
                        : AbSides.commits(revisions, timing, !noControl);
    }

    private List<String> cells(Path base, Path head, Pattern pattern) throws InterruptedException {
        List<String> cells = new ArrayList<>(JarRunner.cells(base));
        cells.removeIf(cell -> !pattern.matcher(cell).find());
        if (cells.isEmpty()) {
            throw usage("nothing to measure: no benchmark of " + revisions.getFirst() + " matches '" + pattern
                    + "'; 'list --cells' names them all");
        }
        List<String> others = JarRunner.cells(head);
        List<String> both = cells.stream().filter(others::contains).toList();
        if (both.isEmpty()) {
            throw usage("nothing to compare: no benchmark that matches '" + pattern + "' is in both revisions");
        }
        if (both.size() < cells.size()) {
            cells.removeAll(both);
            say("warning: only in the base and not measured: " + String.join(", ", cells));
        }
        return both;
    }

    private boolean measure(AbSession session, Interruption interruption) throws InterruptedException {
        AbProgress progress = new AbProgress(spec.commandLine().getErr(), session.plan());
        say("cowbench: "
                + AbProgress.estimate(session.plan(), session.plan().slots().size() - session.done()));
        boolean whole = session.run(new JarRunner(session.directory()), progress, interruption);
        progress.clear();
        return whole && !Interruption.happened();
    }

    private int compare(List<Path> written, String name) {
        Comparison comparison = ComparisonBuilder.compare(
                ResultDirectory.read(written.get(0)),
                ResultDirectory.read(written.get(1)),
                Rule.DEFAULT,
                CompareOptions.gate(gate.failOver(), gate.strict()));
        PrintWriter out = spec.commandLine().getOut();
        out.print(format.write(comparison, false));
        out.flush();
        if (plots.wanted() != null) {
            Reports.draw(
                    comparison, plots.wanted().resolve(name), spec.commandLine().getErr());
        }
        return Reports.status(comparison);
    }

    private int study(List<Path> written) {
        Map<String, ResultDirectory> planted = new LinkedHashMap<>();
        planted.put("3 % slower", ResultDirectory.read(written.get(COPIES + 1)));
        planted.put("1 % slower", ResultDirectory.read(written.get(COPIES + 2)));
        List<ResultDirectory> plain =
                written.stream().limit(COPIES + 1).map(ResultDirectory::read).toList();
        PrintWriter out = spec.commandLine().getOut();
        out.print(new AbStudy(Rule.DEFAULT, plain, planted).table(QUICK, CLAIM));
        out.flush();
        return ExitStatus.OK;
    }

    private Pattern pattern() {
        return Given.pattern(spec, "--bench", bench == null ? CELLS : bench);
    }

    private ParameterException usage(String message) {
        return new ParameterException(spec.commandLine(), message);
    }
}
