package org.cowbench.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.cowbench.ab.AbPlan;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("slow")
class AbCommandTest {
    private static final String HOME = "cowbench.home";

    @TempDir
    Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private Path results;

    @BeforeAll
    static void ignoreLock() {
        System.setProperty("jmh.ignoreLock", "true");
    }

    @BeforeEach
    void repository() throws Exception {
        Path home = Files.createDirectories(folder.resolve("home"));
        AbRepository.create(home, "touch built; exit 1");
        results = folder.resolve("results");
        System.setProperty(HOME, home.toString());
    }

    @AfterEach
    void noHome() {
        System.clearProperty(HOME);
    }

    private int ab(String... args) {
        String[] all = new String[args.length + 3];
        all[0] = "ab";
        System.arraycopy(args, 0, all, 1, args.length);
        all[args.length + 1] = "--results";
        all[args.length + 2] = results.toString();
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        return Main.commandLine()
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(all);
    }

    private void usage(String message, String... args) {
        assertThat(ab(args)).as("%s: %s", List.of(args), err).isEqualTo(ExitStatus.USAGE);
        assertThat(err.toString().lines()).singleElement().asString().contains(message);
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void theCommandLineIsCheckedBeforeAnythingIsDone() throws Exception {
        usage("two revisions");
        usage("--self wants one revision", "HEAD", "--self", "--image", "x");
        usage("--blocks", "HEAD", "HEAD", "--blocks", "0");
        usage("--label", "HEAD", "HEAD", "--label", "../x");
        usage("no option that changes", "--resume", "x", "--blocks", "3");
        usage("no option that changes", "--resume", "x", "--seed", "3");
        usage("--strict has a meaning only", "HEAD", "HEAD", "--strict");
        usage("no such file", "--image", "/no/such", "--image", "/file");
        Path text = Files.writeString(folder.resolve("text"), "text");
        usage("is not a kernel", "--image", text.toString(), "--image", text.toString());
        usage("--bench selects", "--image", text.toString(), "--image", text.toString(), "--bench", "x");
        usage("--app goes with two --image", "HEAD", "HEAD", "--app", "redis");
        usage("no program 'mysql'; there is", "--image", text.toString(), "--image", text.toString(), "--app", "mysql");
        usage("no option that changes", "--resume", "x", "--app", "redis");
        usage("no session 'no-session' to resume", "--resume", "no-session");
        usage("git knows no commit 'nonsense'", "HEAD", "nonsense");
        usage("git knows no commit 'nonsense'", "nonsense", "--self");
        usage("no regular expression", "HEAD", "HEAD", "--bench", "(");
        usage(
                "nothing to compare: no benchmark of HEAD matches 'NoSuchThing'",
                "HEAD",
                "HEAD",
                "--bench",
                "NoSuchThing");
        assertThat(results).doesNotExist();
        Files.createDirectories(results.resolve("mine-control"));
        usage("mine-control exists already", "HEAD", "HEAD", "--label", "mine");
        assertThat(results).isDirectoryContaining(path -> path.endsWith("mine-control"));
        assertThat(Path.of(System.getProperty(HOME), "target"))
                .as("nothing is built")
                .doesNotExist();
    }

    @Test
    void aPlaceOfBuildsThatCannotBeWrittenIsNamed() throws Exception {
        Path target = Files.createFile(Path.of(System.getProperty(HOME), "target"));
        assertThat(ab("HEAD", "HEAD", "--label", "mine")).isEqualTo(ExitStatus.LACKS);
        assertThat(err.toString().lines())
                .singleElement()
                .asString()
                .startsWith("cowbench: cannot write to ")
                .contains("target")
                .contains("commits are built there");
        assertThat(target).isRegularFile();
    }

    @Test
    void aCommitThatDoesNotBuildLacksSomethingAndLeavesNothing() {
        assertThat(ab("HEAD", "HEAD", "--label", "mine")).isEqualTo(ExitStatus.LACKS);
        assertThat(err.toString().lines().toList().getLast()).startsWith("cowbench: HEAD does not build: ");
        assertThat(results).doesNotExist();
    }

    static AbPlan plan(String cell, String... verb) {
        return new AbPlan(
                AbPlan.SCHEMA,
                "x",
                List.of(new AbPlan.Side("base", "base.jar", "", false, List.of(verb))),
                List.of(cell),
                1,
                null,
                1,
                List.of());
    }

    /** A program has the same requests on all sides of a block, and others in the next one. */
    @Test
    void sidesOfABlockHaveTheSameRequests() {
        List<AbSides.Wanted> wanted = AbSides.kernels(List.of(Path.of("a"), Path.of("b")), "redis", true);
        assertThat(wanted).extracting(AbSides.Wanted::name).containsExactly("base", "head", "control");
        assertThat(wanted.get(1).verb())
                .startsWith("kernel", "app", "redis", "--no-plots")
                .containsSequence("--image", Path.of("b").toAbsolutePath().toString(), "--boots", "1");
        assertThat(slots(wanted)).hasSize(12).allMatch(slot -> slot.options()
                .equals(List.of("--seed", String.valueOf(slot.block() + 1))));
        assertThat(slots(AbSides.kernels(List.of(Path.of("a"), Path.of("b")), null, true)))
                .as("as kernel bench has none")
                .allMatch(slot -> slot.options().isEmpty());
        assertThat(slots(AbSides.commits(List.of("HEAD~1", "HEAD"), null, false)))
                .allMatch(slot -> slot.options().isEmpty());
    }

    private static List<AbPlan.Slot> slots(List<AbSides.Wanted> wanted) {
        List<AbPlan.Side> sides = wanted.stream()
                .map(side -> new AbPlan.Side(side.name(), side.jar(), "", false, side.verb()))
                .toList();
        return new AbPlan(AbPlan.SCHEMA, "x", sides, List.of(""), 2, null, 1, List.of()).slots();
    }

    @Test
    void howLongItWillTakeIsSaidBeforehand() {
        assertThat(ab("--help")).isZero();
        assertThat(out.toString()).contains("480 forks").contains("18 minutes");
        String cell = "WriteAfterRead.l2;policy=v5.9;situation=SWAPCACHE";
        assertThat(AbProgress.estimate(plan(cell, "run"), 480))
                .isEqualTo("480 forks of about 2.3 s, about 18 minutes in all");
        assertThat(AbProgress.estimate(plan("unknown", "run"), 4))
                .isEqualTo("4 forks of about 2.5 s, about 10 seconds in all");
        assertThat(AbProgress.estimate(plan("", "kernel", "bench"), 12))
                .isEqualTo("12 forks of about 12.0 s, about 2 minutes in all");
        assertThat(AbProgress.estimate(plan("", "kernel", "app", "redis"), 12))
                .isEqualTo("12 forks of about 40.0 s, about 8 minutes in all");
        AbPlan guests = new AbPlan(
                AbPlan.SCHEMA,
                "x",
                plan("", "kernel", "bench").sides(),
                List.of(""),
                20,
                List.of(4, 8, 12, 20),
                1,
                List.of());
        assertThat(AbProgress.estimate(guests, 120))
                .isEqualTo("at most 120 forks of about 12.0 s, about 24 minutes in all;"
                        + " ends after 4 or 8 or 12 of 20 blocks once every score is decided");
        assertThat(AbProgress.estimate(plan(cell, "run", "--timing", "1,1,1"), 1))
                .isEqualTo("1 fork");
    }
}
