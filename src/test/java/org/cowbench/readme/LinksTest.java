package org.cowbench.readme;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.assertj.core.api.SoftAssertions;
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

    private final SoftAssertions softly = new SoftAssertions();

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
                    softly.assertThat(URI.create(target).getHost())
                            .as("%s: %s", file, target)
                            .isNotBlank();
                    continue;
                }
                String[] parts = target.split("#", 2);
                Path there = parts[0].isEmpty()
                        ? file
                        : file.resolveSibling(parts[0]).normalize();
                softly.assertThat(there).as("%s: %s", file, target).exists();
                if (parts.length > 1 && Files.exists(there)) {
                    softly.assertThat(anchors.computeIfAbsent(there, LinksTest::anchors))
                            .as("%s: %s", file, target)
                            .contains(parts[1]);
                }
            }
        }
        softly.assertAll();
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
                        softly.assertThat(tree.stream().anyMatch(each -> ("/" + each).endsWith("/" + known)))
                                .as("%s: %s is in the tree", file, word)
                                .isTrue();
                    }
                }
                Matcher test = TEST.matcher(span);
                while (test.find()) {
                    tests++;
                    String source = "/" + test.group() + ".java";
                    softly.assertThat(tree.stream().anyMatch(each -> each.endsWith(source)))
                            .as("%s: %s is in the tree", file, test.group())
                            .isTrue();
                }
            }
        }
        softly.assertAll();
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
                softly.assertThatCode(() -> CommandLines.parse(command))
                        .as("%s: %s", file, command)
                        .doesNotThrowAnyException();
            }
        }
        softly.assertAll();
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
                    softly.assertThat(known).as("%s: %s", file, span).contains(option.group());
                }
            }
        }
        softly.assertAll();
        assertThat(options).isGreaterThan(10);
    }
}
