package org.cowbench.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.cowbench.kernel.FakeEmulator.START;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several guests of an emulator that is a shell script. */
@Tag("slow")
class KernelMatrixTest {
    @TempDir
    private Path folder;

    private final Map<String, KernelImage> kernels = new LinkedHashMap<>();
    private final List<String> answers = new ArrayList<>();
    private GuestOptions options;

    @BeforeEach
    void kernels() throws IOException {
        for (String release : List.of("5.10.1", "6.1.2", "6.12.3", "7.2.4")) {
            kernels.put(release, KernelImage.of(Files.write(folder.resolve(release), Packages.bzImage(release)), null));
        }
        options = GuestOptions.scripts(Map.of(
                        "COWBENCH_QEMU",
                        FakeEmulator.write(folder.resolve("qemu"), START + "read quit\n")
                                .toString()))
                .withLimit(Duration.ofSeconds(60));
    }

    private void ask(java.util.function.BiFunction<String, KernelSession, String> question) {
        KernelMatrix.ask(
                kernels, options, Map.of(), 2, question, (label, answer) -> answers.add(label + ": " + answer));
    }

    @Test
    void answersComeInTheOrderOfTheKernelsAndNoMoreRunAtOnceThanAllowed() {
        AtomicInteger running = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        ask((label, session) -> {
            most.accumulateAndGet(running.incrementAndGet(), Math::max);
            String release = session.release();
            running.decrementAndGet();
            return release;
        });
        assertThat(answers).containsExactly("5.10.1: 5.10.1", "6.1.2: 5.10.1", "6.12.3: 5.10.1", "7.2.4: 5.10.1");
        assertThat(most.get()).isLessThanOrEqualTo(2);
    }

    @Test
    void everyKernelIsAskedBeforeTheFirstFailureIsThrown() {
        assertThatThrownBy(() -> ask((label, session) -> {
                    if (!label.startsWith("6.1")) {
                        return "fine";
                    }
                    throw new KernelException(KernelException.Kind.KERNEL, label + " crashed");
                }))
                .isInstanceOf(KernelException.class)
                .hasMessage("6.1.2 crashed")
                .satisfies(e -> assertThat(e.getSuppressed()).singleElement().satisfies(other -> assertThat(other)
                        .hasMessage("6.12.3 crashed")));
        assertThat(answers).containsExactly("5.10.1: fine", "7.2.4: fine");
    }

    @Test
    void whatIsNotAboutKernelsIsNotTakenForOne() {
        assertThatThrownBy(() -> ask((label, session) -> {
                    throw new IllegalArgumentException("a mistake of ours");
                }))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("5.10.1")
                .hasMessageContaining("a mistake of ours");
    }
}
