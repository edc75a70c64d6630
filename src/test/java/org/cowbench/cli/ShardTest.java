package org.cowbench.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Three shares of a check and what they make together; what does not belong together is refused. */
@Tag("slow")
class ShardTest {
    private static final List<String> SEARCH =
            List.of("check", "--ops=write,read,pageout,drain,fork", "--policy=v5.19,wilcox,v7.3,oracle,v5.9");

    private static final Map<Integer, String> PARTS = new HashMap<>();

    @TempDir
    private Path folder;

    private CommandLines.Ran shard(int index, String... more) {
        List<String> command = new ArrayList<>(SEARCH);
        command.addAll(List.of("--shard", index + "/3", "--part", part(index)));
        command.addAll(List.of(more));
        return CommandLines.run(command.toArray(String[]::new));
    }

    private String part(int index) {
        return folder.resolve(index + ".json").toString();
    }

    @BeforeEach
    void parts() throws IOException {
        if (PARTS.isEmpty()) {
            assertThat(shard(1).status()).isZero();
            assertThat(shard(2).status()).isEqualTo(1);
            assertThat(shard(3).status()).isZero();
            for (int index = 1; index <= 3; index++) {
                PARTS.put(index, Files.readString(Path.of(part(index))));
            }
        }
        for (Map.Entry<Integer, String> each : PARTS.entrySet()) {
            Files.writeString(Path.of(part(each.getKey())), each.getValue());
        }
    }

    @Test
    void mergedTheyAreTheWholeInAnyOrder() throws IOException {
        List<String> command = new ArrayList<>(SEARCH);
        command.add("--format=json");
        CommandLines.Ran whole = CommandLines.run(command.toArray(String[]::new));
        Files.delete(Path.of(part(3)));
        assertThat(merge(1, 2).err()).contains("missing: shard 3/3; run it again");
        // Other options than those that results depend on may differ.
        shard(3, "--threads=1", "--format=ktap");
        CommandLines.Ran merged = merge(3, 1, 2);
        assertThat(merged.status()).isEqualTo(whole.status()).isEqualTo(1);
        assertThat(lasting(merged.out())).isEqualTo(lasting(whole.out()));
        assertThat(lasting(merged.out()).at("/policies").findValuesAsText("policy"))
                .containsExactly("v5.19", "wilcox", "v7.3", "oracle", "v5.9");
        try (var left = Files.list(folder)) {
            assertThat(left).hasSize(3);
        }
    }

    @Test
    void whatIsNotOneCheckIsRefusedInOneLine() throws IOException {
        refused(merge(1, 2), "missing: shard 3/3; run it again and name all parts");
        refused(merge(2), "missing: shard 1/3, 3/3; run them again and name all parts");
        refused(merge(1, 2, 3, 3), part(3) + " is named twice");
        Files.copy(Path.of(part(2)), Path.of(part(4)));
        refused(merge(1, 2, 3, 4), "shard 2/3 is there twice: " + part(2) + " and " + part(4));
        refused(merge(1, 2, 9), "cannot read " + part(9) + ": there is no such file");
        shard(3, "--require-fixpoint");
        refused(merge(1, 2, 3), part(3) + " is of another check than " + part(1) + ": arguments ");
        String text = Files.readString(Path.of(part(3)));
        Files.writeString(Path.of(part(3)), text.substring(0, text.length() / 2));
        refused(merge(1, 2, 3), part(3) + " is not whole, or no JSON; run that shard again");
        Files.writeString(Path.of(part(3)), "");
        refused(merge(1, 2, 3), part(3) + " is no part; name files that --part wrote");
    }

    /** An option that would have no effect is not taken. */
    @ParameterizedTest
    @CsvSource({"--label, x", "--results, elsewhere"})
    void whatFilesMakeHasNoLabel(String option, String value) {
        CommandLines.Ran ran = CommandLines.run("merge", part(1), part(2), part(3), option, value);
        refused(ran, option + " goes with result directories; what files make is printed");
    }

    @ParameterizedTest
    @CsvSource({"commit, 0123", "version, 0", "schema, 2"})
    void partsOfAnotherBuildAreRefused(String field, String value) throws IOException {
        ObjectNode other =
                (ObjectNode) new ObjectMapper().readTree(Path.of(part(2)).toFile());
        if (field.equals("schema")) {
            other.put(field, Integer.parseInt(value));
        } else {
            other.put(field, value);
        }
        Files.writeString(Path.of(part(2)), other.toString());
        refused(merge(1, 2, 3), part(2) + " is " + (field.equals("schema") ? "no part" : "of another check than "));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "0/3|expected 1/N to N/N",
                "4/3|expected 1/N to N/N",
                "2|expected I/N, such as 1/3",
                "1/6|there are 5 policies"
            })
    void sharesThatAreNoneAreRefused(String shard, String why) {
        List<String> command = new ArrayList<>(SEARCH);
        command.addAll(List.of("--part", part(7), "--shard", shard));
        CommandLines.Ran ran = CommandLines.run(command.toArray(String[]::new));
        refused(ran, "--shard " + shard + ": " + why);
        assertThat(Path.of(part(7))).doesNotExist();
    }

    @Test
    void withoutAFileThereIsNoShare() {
        List<String> command = new ArrayList<>(SEARCH);
        command.add("--shard=1/3");
        refused(CommandLines.run(command.toArray(String[]::new)), "go together; add --part");
    }

    /** What a share holds must not depend on how fast its machine is, nor on a seed that nobody chose. */
    @Test
    void aShareOfARunNeedsForksAndASeed() {
        List<String> run = List.of("run", "--bench=Primitives.empty", "--results=" + folder);
        for (List<String> lacking : List.of(List.of("--forks=4"), List.of("--seed=7"), List.of("--budget=90s"))) {
            List<String> command = new ArrayList<>(run);
            command.addAll(lacking);
            command.add("--shard=1/3");
            refused(
                    CommandLines.run(command.toArray(String[]::new)),
                    "give all shards the same --forks N and --seed S");
        }
        List<String> command = new ArrayList<>(run);
        command.addAll(List.of("--forks=2", "--seed=7", "--shard=1/3"));
        refused(
                CommandLines.run(command.toArray(String[]::new)),
                "--shard 1/3: there are 2 forks; an N above that leaves a share empty");
    }

    private CommandLines.Ran merge(int... parts) {
        List<String> command = new ArrayList<>(List.of("merge"));
        for (int part : parts) {
            command.add(part(part));
        }
        return CommandLines.run(command.toArray(String[]::new));
    }

    private static void refused(CommandLines.Ran ran, String why) {
        assertThat(ran.status()).isEqualTo(2);
        assertThat(ran.out()).isEmpty();
        assertThat(ran.err().lines().findFirst().orElseThrow()).contains(why);
    }

    /** All but what differs from run to run. */
    private static JsonNode lasting(String json) throws IOException {
        JsonNode root = new ObjectMapper().readTree(json);
        root.findParents("seconds").forEach(search -> ((ObjectNode) search).remove(List.of("seconds", "bytes")));
        return root;
    }
}
