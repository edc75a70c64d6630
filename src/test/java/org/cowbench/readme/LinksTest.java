package org.cowbench.readme;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.cowbench.cli.CommandLines;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What the documents point to is there: links, anchors, pictures, files, tests; and the commands can be typed. */
class LinksTest {
    /** A link or a picture; without blanks, as the code of a shell has brackets too. */
    private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s]+)\\)");

    private static final Pattern HEADING = Pattern.compile("(?m)^#{1,6} +(.*)$");
    /** Below a folder of the tree, or ending as a file does that only the tree has. */
    private static final Pattern FILE = Pattern.compile(
            "(?:\\.ci|\\.github|results|plots|src)/\\S*|[\\w<>-][\\w./<>-]*\\.(?:md|sh|pl|java|litmus|patch|xml|yml)");

    private static final Pattern TEST = Pattern.compile("\\b[A-Z]\\w*Test\\b");

    /** All that is wrong: who wrote it wants to see it at once. */
    private final List<String> wrong = new ArrayList<>();

    private void demand(boolean right, String what, Object... of) {
        if (!right) {
            wrong.add(String.format(what, of));
        }
    }

    @Test
    void linksResolve() throws IOException {
        Map<Path, Set<String>> anchors = new HashMap<>();
        int links = 0;
        for (Path file : Documents.all()) {
            Matcher link = LINK.matcher(Documents.prose(Documents.text(file)));
            while (link.find()) {
                links++;
                String target = link.group(1);
                if (target.startsWith("https://")) {
                    demand(URI.create(target).getHost() != null, "%s: %s", file, target);
                    continue;
                }
                String[] parts = target.split("#", 2);
                Path there = parts[0].isEmpty()
                        ? file
                        : file.resolveSibling(parts[0]).normalize();
                demand(Files.exists(there), "%s: %s", file, target);
                if (parts.length > 1 && Files.exists(there)) {
                    Set<String> known = anchors.computeIfAbsent(there, LinksTest::anchors);
                    demand(known.contains(parts[1]), "%s: %s, of %s", file, target, known);
                }
            }
        }
        assertThat(wrong).isEmpty();
        assertThat(links).isGreaterThan(50);
    }

    /** As GitHub makes them of headings. */
    private static Set<String> anchors(Path file) {
        return HEADING.matcher(Documents.prose(Documents.text(file)))
                .results()
                .map(heading -> heading.group(1)
                        .toLowerCase(Locale.ROOT)
                        .replaceAll("[^\\w\\- ]", "")
                        .replace(' ', '-'))
                .collect(Collectors.toSet());
    }

    /** Every guide can be reached from README by way of the index. */
    @Test
    void noGuideIsLost() throws IOException {
        Path index = Path.of("src/site/markdown/index.md");
        assertThat(Documents.text(Path.of("README.md"))).contains("](" + index + ")");
        assertThat(Documents.guides().stream().skip(1).filter(guide -> !guide.equals(index)))
                .hasSizeGreaterThan(8)
                .allSatisfy(guide -> assertThat(Documents.text(index))
                        .contains("(" + index.getParent().relativize(guide) + ")"));
    }

    @Test
    void filesAndTestsAreThere() throws IOException {
        List<String> tree = tree();
        int files = 0;
        int tests = 0;
        for (Path file : Documents.all()) {
            for (String span : Documents.spans(Documents.text(file))) {
                for (String word : span.split(" ")) {
                    if (FILE.matcher(word).matches()) {
                        files++;
                        String known = word.contains("<")
                                ? word.substring(0, word.lastIndexOf('/', word.indexOf('<')))
                                : word.replaceFirst("/$", "");
                        demand(
                                tree.stream().anyMatch(each -> ("/" + each).endsWith("/" + known)),
                                "%s: %s is not in the tree",
                                file,
                                word);
                    }
                }
                Matcher test = TEST.matcher(span);
                while (test.find()) {
                    tests++;
                    String source = "/" + test.group() + ".java";
                    demand(
                            tree.stream().anyMatch(each -> each.endsWith(source)),
                            "%s: %s is not in the tree",
                            file,
                            test.group());
                }
            }
        }
        assertThat(wrong).isEmpty();
        assertThat(files).isGreaterThan(30);
        assertThat(tests).isGreaterThan(10);
    }

    private static List<String> tree() throws IOException {
        Set<Path> outside = Set.of(Path.of("./target"), Path.of("./.git"));
        try (Stream<Path> all = Files.walk(Path.of("."))) {
            return all.filter(path -> outside.stream().noneMatch(path::startsWith))
                    .map(path -> Path.of(".").relativize(path).toString())
                    .toList();
        }
    }

    /** Commands, options and values of options are known; what they would do is not done. */
    @Test
    @Tag("slow")
    void commandsCanBeTyped() throws IOException {
        int commands = 0;
        for (Path file : Documents.all()) {
            for (String command : Documents.commands(Documents.text(file))) {
                commands++;
                try {
                    CommandLines.parse(command);
                } catch (RuntimeException e) {
                    demand(false, "%s: %s: %s", file, command, e);
                }
            }
        }
        assertThat(wrong).isEmpty();
        assertThat(commands).isGreaterThan(30);
    }

    /** Commands that are named without {@code ./run-bench.sh} take the options that stand behind them. */
    @Test
    void commandsTakeTheOptionsNamedWithThem() throws IOException {
        int options = 0;
        for (Path file : Documents.all()) {
            for (String span : Documents.spans(Documents.text(file))) {
                Set<String> known = CommandLines.options(span);
                Matcher option = Pattern.compile("(?<=\\s)--[a-z][a-z-]*").matcher(span);
                while (!known.isEmpty() && option.find()) {
                    options++;
                    demand(known.contains(option.group()), "%s: %s", file, span);
                }
            }
        }
        assertThat(wrong).isEmpty();
        assertThat(options).isGreaterThan(10);
    }
}
