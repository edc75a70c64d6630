package org.cowbench.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("slow")
class ProbeBinaryTest {
    @TempDir
    private Path folder;

    @Test
    void compilesWithoutAWarning() throws Exception {
        Path probe = ProbeBinary.compile(folder, Map.of());
        assertThat(probe).isExecutable();
        assertThat(Files.readString(folder.resolve("cc.log"))).isEmpty();
    }

    @Test
    void anUnknownRequestEndsItWithAMessage() throws Exception {
        Path probe = ProbeBinary.compile(folder, Map.of());
        Process process = new ProcessBuilder(probe.toString()).start();
        process.getOutputStream().write("dance\n".getBytes(StandardCharsets.UTF_8));
        process.getOutputStream().close();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).isEqualTo(3);
        assertThat(ProbeMessage.parse(said.lines().reduce((a, b) -> b).orElse("")))
                .isInstanceOf(ProbeMessage.Fatal.class);
    }

    @Test
    void namesTheMissingCompilerAndTheRemedy() {
        assertThatThrownBy(() -> ProbeBinary.compile(folder, Map.of("CC", "no-such-cc")))
                .isInstanceOfSatisfying(KernelException.class, e -> {
                    assertThat(e.kind()).isEqualTo(KernelException.Kind.LACKS);
                    assertThat(e.getMessage()).contains("no-such-cc", "apt-get install gcc");
                });
    }

    @Test
    void quotesACompilerThatFails() throws IOException {
        assertThatThrownBy(() -> ProbeBinary.compile(folder, Map.of("CC", "sh -c 'exit')")))
                .isInstanceOfSatisfying(
                        KernelException.class, e -> assertThat(e.kind()).isEqualTo(KernelException.Kind.LACKS));
    }
}
