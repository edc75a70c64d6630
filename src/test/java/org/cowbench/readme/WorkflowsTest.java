package org.cowbench.readme;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.Yaml;

/** The files of {@code .github}: they can be read, and call what documents and CI call. */
class WorkflowsTest {
    private static final Path GITHUB = Path.of(".github");

    private static List<Path> files(String folder) throws IOException {
        try (Stream<Path> all = Files.list(GITHUB.resolve(folder))) {
            return all.sorted().toList();
        }
    }

    private static Map<String, Object> read(Path file) {
        return new Yaml().load(Documents.text(file));
    }

    @SuppressWarnings("unchecked")
    private static List<Map<String, Object>> list(Object value) {
        return (List<Map<String, Object>>) value;
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> map(Object value) {
        return (Map<String, Object>) value;
    }

    private static List<Map<String, Object>> steps() throws IOException {
        List<Map<String, Object>> steps = new ArrayList<>();
        for (Path file : files("workflows")) {
            map(read(file).get("jobs")).values().forEach(job -> steps.addAll(list(map(job).get("steps"))));
        }
        return steps;
    }

    @Test
    void workflowsCallWhatUsersAndCiCall() throws IOException {
        String ci = Documents.text(Path.of(".ci/run"));
        Set<String> packages = new HashSet<>(Arrays.asList(ci.split("[^\\w.+-]+")));
        String known = (ci + "\n" + Documents.text()).replaceAll("\\s+", " ");
        List<String> commands = steps().stream()
                .map(step -> step.get("run"))
                .filter(Objects::nonNull)
                // A job of a matrix is one of several: the first stands for them.
                .flatMap(run ->
                        run.toString().replace("${{ matrix.shard }}", "1").lines())
                .distinct()
                .toList();
        assertThat(commands).hasSizeGreaterThan(4).contains(".ci/run").allSatisfy(command -> {
            String install = "apt-get install -q -y --no-install-recommends ";
            if (command.startsWith(install)) {
                assertThat(ci).contains(install);
                assertThat(packages)
                        .containsAll(Arrays.asList(
                                command.substring(install.length()).split(" ")));
            } else if (command.equals(".ci/run")) {
                assertThat(Path.of(command)).isExecutable();
            } else {
                assertThat(known).contains(command.replace("mvn -B ", "mvn "));
            }
        });
    }

    /** What a matrix deals, its merging job takes together: the same files, and as many. */
    @Test
    void theWeeklyPartsAreAllMerged() {
        Map<String, Object> jobs =
                map(read(GITHUB.resolve("workflows/weekly.yml")).get("jobs"));
        Map<String, Object> conform = map(jobs.get("conform"));
        List<?> shards =
                (List<?>) map(map(conform.get("strategy")).get("matrix")).get("shard");
        List<String> merged = new ArrayList<>();
        list(conform.get("steps")).stream()
                .map(step -> String.valueOf(step.get("run")))
                .filter(run -> run.contains("--shard"))
                .forEach(run -> {
                    assertThat(run).contains("--shard ${{ matrix.shard }}/" + shards.size() + " --part ");
                    String part = run.substring(run.indexOf("--part ") + "--part ".length());
                    merged.add("./run-bench.sh merge"
                            + shards.stream()
                                    .map(shard -> " " + part.replace("${{ matrix.shard }}", shard.toString()))
                                    .collect(Collectors.joining()));
                });
        assertThat(merged).hasSize(2);
        assertThat(list(map(jobs.get("merge")).get("steps")).stream()
                        .map(step -> String.valueOf(step.get("run")))
                        .filter(run -> run.startsWith("./run-bench.sh")))
                .isEqualTo(merged);
    }

    @Test
    void actionsArePinned() throws IOException {
        assertThat(steps().stream()
                        .map(step -> step.get("uses"))
                        .filter(Objects::nonNull)
                        .map(Object::toString))
                .isNotEmpty()
                .allMatch(uses -> uses.matches("actions/[\\w-]+@v\\d+\\.\\d+\\.\\d+"));
    }

    @Test
    void dependenciesOfBothKindsAreUpdated() {
        Map<String, Object> dependabot = read(GITHUB.resolve("dependabot.yml"));
        assertThat(dependabot).containsEntry("version", 2);
        assertThat(list(dependabot.get("updates")))
                .extracting(update -> update.get("package-ecosystem"))
                .containsExactly("maven", "github-actions");
    }

    @Test
    void formsAskForWhatIsNeeded() throws IOException {
        assertThat(files("ISSUE_TEMPLATE")).hasSize(2).allSatisfy(file -> {
            Map<String, Object> form = read(file);
            assertThat(form).containsKeys("name", "description", "body");
            assertThat(list(form.get("body")))
                    .filteredOn(part -> !"markdown".equals(part.get("type")))
                    .allSatisfy(part ->
                            assertThat(map(part.get("attributes")).get("label")).isNotNull());
        });
        assertThat(required("kernel-disagrees.yml")).contains("script", "release", "output");
        assertThat(required("new-rule.yml")).contains("rule", "source");
    }

    private static List<Object> required(String form) {
        return list(read(GITHUB.resolve("ISSUE_TEMPLATE").resolve(form)).get("body")).stream()
                .filter(part -> part.get("validations") != null
                        && Boolean.TRUE.equals(map(part.get("validations")).get("required")))
                .map(part -> part.get("id"))
                .toList();
    }
}
