package org.cowbench.noise;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two runs that measure at once notice each other. */
class MeasurementLockTest {
    @TempDir
    private Path folder;

    /** Takes the lock in the places given, says how that went, and waits; with a command, runs it in the meantime. */
    static final class Holder {
        private Holder() {}

        public static void main(String[] args) throws Exception {
            try (MeasurementLock lock = MeasurementLock.take(List.of(Path.of(args[0])))) {
                System.out.println(lock.refusal().orElse("taken"));
                System.out.flush();
                if (args.length > 1) {
                    new ProcessBuilder(command(Path.of(args[0])))
                            .redirectInput(Path.of("/dev/null").toFile())
                            .redirectOutput(ProcessBuilder.Redirect.INHERIT)
                            .start()
                            .waitFor();
                } else {
                    System.in.read();
                }
            }
        }
    }

    private static List<String> command(Path place, String... more) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Djava.io.tmpdir=/elsewhere",
                "-cp",
                System.getProperty("java.class.path"),
                Holder.class.getName(),
                place.toString()));
        command.addAll(List.of(more));
        return command;
    }

    @Test
    void theSecondIsToldOfTheFirstWhateverItsTemporaryDirectory() throws Exception {
        Process first = new ProcessBuilder(command(folder)).start();
        try (BufferedReader said = first.inputReader()) {
            assertThat(said.readLine()).isEqualTo("taken");
            try (MeasurementLock second = MeasurementLock.take(List.of(folder))) {
                assertThat(second.refusal().orElseThrow())
                        .startsWith("process " + first.pid() + " is measuring on this machine");
            }
            first.getOutputStream().close();
            assertThat(first.waitFor(1, TimeUnit.MINUTES)).isTrue();
        }
        try (MeasurementLock after = MeasurementLock.take(List.of(folder));
                MeasurementLock again = MeasurementLock.take(List.of(folder))) {
            assertThat(after.refusal()).isEmpty();
            assertThat(again.refusal()).as("in one process, too").isPresent();
        }
        try (MeasurementLock free = MeasurementLock.take(List.of(folder))) {
            assertThat(free.refusal()).isEmpty();
            assertThat(free.warning()).isEmpty();
        }
    }

    @Test
    void whatAnOwnerStartsHasIt() throws Exception {
        Process owner = new ProcessBuilder(command(folder, "child")).start();
        owner.getOutputStream().close();
        try (BufferedReader said = owner.inputReader()) {
            assertThat(said.readAllLines()).containsExactly("taken", "taken");
        }
    }

    @Test
    void anyUserMayLockItAndAPlaceThatIsNoneIsPassedOver() throws Exception {
        Path blocked = Files.createDirectories(folder.resolve("blocked"));
        Files.createDirectories(blocked.resolve("cowbench-measuring.lock"));
        Path good = Files.createDirectories(folder.resolve("good"));
        try (MeasurementLock lock = MeasurementLock.take(List.of(folder.resolve("absent"), blocked, good))) {
            assertThat(lock.refusal()).isEmpty();
            assertThat(lock.warning()).isEmpty();
        }
        assertThat(PosixFilePermissions.toString(
                        Files.getPosixFilePermissions(good.resolve("cowbench-measuring.lock"))))
                .isEqualTo("rw-rw-rw-");
        try (MeasurementLock lock = MeasurementLock.take(List.of(blocked))) {
            assertThat(lock.refusal()).isEmpty();
            assertThat(lock.warning().orElseThrow()).startsWith("cannot tell whether another run is measuring");
        }
    }
}
