package org.cowbench.ab;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sessions that are killed outright, in JVMs of their own. */
@Tag("slow")
class AbKillTest {
    private static final String FINISHING = "finishing";
    private static final int BLOCKS = 3;

    @TempDir
    Path folder;

    /** One call of a session with made-up forks; says what it is about to do. */
    static final class Call {
        private Call() {}

        public static void main(String[] arguments) throws Exception {
            Path results = Path.of(arguments[0]);
            int millis = Integer.parseInt(arguments[1]);
            AbPlan plan = AbSessionTest.plan(BLOCKS, "base", "head");
            Path jar = Files.writeString(results.resolve("jar"), "jar");
            try (AbSession session =
                    AbSession.taken(results, "s", List.of("base", "head")).isPresent()
                            ? AbSession.open(results, "s")
                            : AbSession.create(results, plan, Map.of("base.jar", jar))) {
                session.note(List.of("a note"));
                AbSessionTest forks = new AbSessionTest();
                session.run(
                        (slot, directory, label) -> {
                            Thread.sleep(millis);
                            forks.fork(slot, directory, label, 1.1, slot.order() == 5);
                            Thread.sleep(millis);
                        },
                        (slot, done, total, left) -> System.out.println("fork " + slot.order()),
                        () -> false);
                System.out.println(FINISHING);
                session.finish();
            }
        }
    }

    private static Process call(Path results, int millis) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Call.class.getName(),
                        results.toString(),
                        Integer.toString(millis))
                .redirectErrorStream(true)
                .start();
    }

    /** Kills a call some time after it has said so many lines, or that it finishes; tells whether it ended by itself. */
    private static boolean kill(Path results, int lines, long micros, String expected) throws Exception {
        Process call = call(results, 5);
        try (BufferedReader said = call.inputReader()) {
            String line = said.readLine();
            for (int i = 1; i < lines && line != null && !line.equals(FINISHING); i++) {
                line = said.readLine();
            }
            assertThat(line).startsWith(expected);
            Thread.sleep(micros / 1000, (int) (micros % 1000) * 1000);
            call.destroyForcibly();
            return call.waitFor() == 0;
        }
    }

    @Test
    void aSessionThatWasKilledAgainAndAgainGivesWhatOneCallGives() throws Exception {
        Path whole = Files.createDirectories(folder.resolve("whole"));
        Process undisturbed = call(whole, 0);
        String said = new String(undisturbed.getInputStream().readAllBytes());
        assertThat(undisturbed.waitFor()).as(said).isZero();

        Path killed = Files.createDirectories(folder.resolve("killed"));
        Random random = new Random(3);
        for (int i = 0; i < 6; i++) {
            assertThat(kill(killed, 2 + random.nextInt(3), random.nextInt(12_000), "fork "))
                    .isFalse();
        }
        // While it joins the forks and removes them; later each time, for a call goes on where the last one was killed.
        long micros = 5000;
        int kills = 0;
        int lines = Integer.MAX_VALUE;
        while (Files.exists(AbSession.directory(killed, "s")) && !kill(killed, lines, micros, FINISHING)) {
            micros *= 2;
            kills++;
            lines = 1; // What is finished is not measured again.
        }
        assertThat(kills).isPositive();
        assertThat(AbSession.directory(killed, "s")).doesNotExist();
        for (String side : List.of("s-base", "s-head")) {
            try (var files = Files.list(whole.resolve(side))) {
                for (Path file : files.toList()) {
                    Path other = killed.resolve(side).resolve(file.getFileName());
                    if (file.endsWith("run.json")) {
                        assertThat(steady(other)).isEqualTo(steady(file));
                    } else {
                        assertThat(other).hasSameBinaryContentAs(file);
                    }
                }
            }
            try (var files = Files.list(killed.resolve(side));
                    var expected = Files.list(whole.resolve(side))) {
                assertThat(files.count()).isEqualTo(expected.count());
            }
        }
    }

    /** What does not tell of the machine's noise. */
    private static JsonNode steady(Path runInfo) throws IOException {
        ObjectNode info = (ObjectNode) new ObjectMapper().readTree(runInfo.toFile());
        info.path("forks").forEach(fork -> ((ObjectNode) fork).remove("noise"));
        assertThat(info.remove("warnings")).isNotEmpty();
        return info;
    }
}
