package org.cowbench.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.assertj.core.api.SoftAssertions;
import org.cowbench.bench.Suite;
import org.cowbench.readme.Documents;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** Help, and what is said of words that no command takes. */
class UsageTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int execute(String... args) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        return Main.commandLine()
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(args);
    }

    private void usage(String message, String... args) {
        assertThat(execute(args)).as("%s", List.of(args)).isEqualTo(ExitStatus.USAGE);
        assertThat(err.toString().lines())
                .singleElement()
                .asString()
                .as("%s", List.of(args))
                .startsWith("cowbench: " + message);
        assertThat(out.toString()).isEmpty();
    }

    @Test
    @Tag("slow")
    void whatIsUnknownIsSaidWithWhatIsNearest() {
        for (List<String> help : List.of(List.<String>of(), List.of("--help"), List.of("-h"), List.of("--version"))) {
            usage("unknown command 'comapre'; did you mean compare? (see run-bench.sh --help)", with(help, "comapre"));
            usage("unknown command 'lst'; did you mean list?", with(help, "lst"));
            usage("unknown command 'help'; did you mean --help?", with(help, "help"));
            usage("unknown command 'measure'; expected one of run, list, plot, ", with(help, "measure"));
            usage(
                    "unknown command 'benhc'; did you mean bench? (see run-bench.sh kernel --help)",
                    with(help, "kernel", "benhc"));
            usage(
                    "unknown command 'ask'; expected one of litmus, conform, identify, diff, check, bench, ",
                    with(help, "kernel", "ask"));
            usage(
                    "unknown option '--polcy'; did you mean --policy? (see run-bench.sh run --help)",
                    with(help, "run", "--polcy", "v5.9"));
            usage(
                    "unknown option '--fial-over'; did you mean --fail-over?",
                    with(help, "ab", "A", "B", "--fial-over=3"));
            usage(
                    "unknown option '--cahced'; did you mean --cached?",
                    with(help, "kernel", "bench", "--cahced", "6.1"));
            usage("unknown option '--policy'; it is an option of run, litmus, check, ", with(help, "--policy", "v5.9"));
            usage("unknown option '-z' (see run-bench.sh list --help)", with(help, "list", "-z"));
            usage("'suites' is one word too many (see run-bench.sh list --help)", with(help, "list", "suites"));
        }
    }

    private static String[] with(List<String> more, String... args) {
        return java.util.stream.Stream.concat(List.of(args).stream(), more.stream())
                .toArray(String[]::new);
    }

    @Test
    void distanceCountsSlips() {
        assertThat(Nearest.distance("kernel", "kernel")).isZero();
        assertThat(Nearest.distance("kenrel", "kernel")).as("swapped").isEqualTo(1);
        assertThat(Nearest.distance("kernl", "kernel")).isEqualTo(1);
        assertThat(Nearest.distance("", "ab")).isEqualTo(2);
        assertThat(Nearest.to("xyz", List.of("run", "ab"))).isEmpty();
    }

    /** Every command with what it is called by. */
    private static Map<String, CommandLine> commands(String name, CommandLine command) {
        Map<String, CommandLine> all = new LinkedHashMap<>();
        all.put(name, command);
        command.getSubcommands().forEach((word, below) -> all.putAll(commands((name + " " + word).strip(), below)));
        return all;
    }

    @Test
    void helpIsAsWideAsItsReaderSees() {
        assertThat(Usage.width(Map.of("COLUMNS", "132"))).isEqualTo(132);
        assertThat(Usage.width(Map.of("COLUMNS", "20"))).isEqualTo(Usage.LEAST_WIDTH);
        assertThat(Usage.width(Map.of("COLUMNS", "99999"))).isEqualTo(1000);
        for (int width : List.of(Usage.LEAST_WIDTH, Usage.WIDTH, 132)) {
            CommandLine main = Main.commandLine().setUsageHelpWidth(width);
            commands("", main).forEach((name, command) -> assertThat(
                            command.getUsageMessage().lines())
                    .as(name)
                    .allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(width)));
        }
        assertThat(commands("", Main.commandLine().setUsageHelpWidth(132))
                        .get("run")
                        .getUsageMessage()
                        .lines())
                .anySatisfy(line -> assertThat(line.length()).isGreaterThan(Usage.WIDTH));
    }

    /** Each piece of a text begins a line of its own: a sentence in two pieces has a stump in the middle. */
    @Test
    void sentencesOfHelpAreWhole() {
        SoftAssertions softly = new SoftAssertions();
        commands("", Main.commandLine()).forEach((name, command) -> {
            CommandSpec spec = command.getCommandSpec();
            Stream.concat(
                            Stream.of(
                                    spec.usageMessage().description(),
                                    spec.usageMessage().footer()),
                            spec.args().stream().map(ArgSpec::description))
                    .forEach(text -> IntStream.range(1, text.length)
                            .filter(i -> text[i].matches("[a-z].*"))
                            .forEach(i -> softly.assertThat(text[i - 1])
                                    .as("help of '%s', before: %s", name, text[i])
                                    .matches(".*[.:]|")));
        });
        softly.assertAll();
    }

    /** An option after the name of a command, as an example gives it, is that command's. */
    private static final Pattern OPTION = Pattern.compile("(?<![\\w-])--[a-z][a-z-]*");

    @Test
    @Tag("slow")
    void helpNamesOnlyOptionsThatTheCommandTakes() {
        Map<String, CommandLine> all = commands("", Main.commandLine());
        SoftAssertions softly = new SoftAssertions();
        all.forEach((name, command) -> {
            String text = command.getUsageMessage().replaceAll("\\s+", " ");
            Matcher option = OPTION.matcher(text);
            while (option.find()) {
                String owner = owner(text.substring(0, option.start()), name, all);
                softly.assertThat(visible(all.get(owner)))
                        .as(
                                "help of '%s' names it with '%s': ...%s",
                                name, owner, text.substring(Math.max(0, option.start() - 60), option.end()))
                        .contains(option.group());
            }
        });
        softly.assertAll();
    }

    @Test
    void aTimelineIsOfGuests() {
        assertThat(execute("kernel", "timeline", "--help")).isZero();
        assertThat(out.toString()).doesNotContain("--host", "--setup-swap").contains("--cached");
        usage("--host is not for a timeline", "kernel", "timeline", "--host");
    }

    /** Of suites and sessions; figures that a release measures anew stand in README and the guides alone. */
    @Test
    @Tag("slow")
    void timesAgreeWhereverTheyAreSaid() throws Exception {
        String documents = Documents.text().replaceAll("\\s+", " ");
        assertThat(documents)
                .contains("quick suite, table, plots: " + Suite.QUICK_TIME)
                .contains(Suite.FULL.leastForks() + " JVM forks of every policy, " + Suite.FULL_TIME);
        execute("run", "--help");
        assertThat(out.toString().replaceAll("\\s+", " ")).contains(Suite.QUICK_TIME, Suite.FULL_TIME);
        execute("--help");
        assertThat(out.toString()).contains("in " + Suite.QUICK_TIME);
        execute("list");
        assertThat(out.toString())
                .contains(" parameters, " + Suite.QUICK_TIME + ")", " parameters, " + Suite.FULL_TIME + ")");
        execute("ab", "--help");
        String ab = out.toString().replaceAll("\\s+", " ");
        String forks = AbProgress.estimate(
                AbCommandTest.plan("WriteAfterRead.l2;policy=v5.9;situation=SWAPCACHE", "run"), 480);
        String minutes = forks.replaceFirst(".* about (\\d+ minutes) in all", "$1");
        assertThat(ab).contains("480 forks, about " + minutes);
        assertThat(documents).contains("the time is printed: " + minutes);
        assertThat(AbProgress.estimate(AbCommandTest.plan("", "kernel", "bench"), 120))
                .contains("about 24 minutes");
        assertThat(ab).contains("24 minutes");
    }

    /** The command whose example or quotation the text is within, else the one that the help is of. */
    private static String owner(String before, String name, Map<String, CommandLine> all) {
        int from = Math.max(before.lastIndexOf("./run-bench.sh "), before.lastIndexOf("'"));
        String quoted = from < 0 ? "" : before.substring(from).replaceFirst("^(\\./run-bench\\.sh |')", "");
        String owner = name;
        int longest = 0;
        for (String each : all.keySet()) {
            if (!each.isEmpty() && each.length() > longest && quoted.startsWith(each + " ")) {
                owner = each;
                longest = each.length();
            }
        }
        return owner;
    }

    private static TreeSet<String> visible(CommandLine command) {
        TreeSet<String> names = new TreeSet<>();
        command.getCommandSpec().options().stream()
                .filter(option -> !option.hidden())
                .map(OptionSpec::names)
                .forEach(each -> names.addAll(List.of(each)));
        return names;
    }
}
