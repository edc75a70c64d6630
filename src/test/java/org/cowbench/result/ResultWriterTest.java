package org.cowbench.result;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResultWriterTest {
    @TempDir
    private Path folder;

    private static ResultWriter.Content text(String text) {
        return out -> out.write(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void labelsNameTheTimeAndTheCommit() {
        Instant time = Instant.parse("2026-11-23T04:05:06Z");
        assertThat(ResultWriter.defaultLabel(time, new Revision("0123456789abcdef", true)))
                .isEqualTo("20261123-040506-0123456789");
        assertThat(ResultWriter.defaultLabel(time, new Revision("", false))).isEqualTo("20261123-040506-nocommit");
        assertThat(ResultWriter.isLabel("my-patch_v2.1+x")).isTrue();
        for (String bad : new String[] {"", "../up", "a/b", ".hidden", "x.partial", "a b", "-x"}) {
            assertThat(ResultWriter.isLabel(bad)).as(bad).isFalse();
        }
    }

    @Test
    void aLabelIsNeverWrittenOver() {
        ResultWriter.create(folder, "a").finish();
        assertThatThrownBy(() -> ResultWriter.create(folder, "a"))
                .isInstanceOf(ResultStorageException.class)
                .hasMessageContaining("exists already")
                .hasMessageContaining("--label");
        ResultWriter.create(folder, "b");
        assertThatThrownBy(() -> ResultWriter.create(folder, "b"))
                .isInstanceOf(ResultStorageException.class)
                .hasMessageContaining("b.partial is another run's");
    }

    @Test
    void aPlaceThatCannotBeWrittenIsSaidBeforeMeasuring() throws IOException {
        Path file = Files.createFile(folder.resolve("file"));
        assertThatThrownBy(() -> ResultWriter.create(file, "a"))
                .isInstanceOf(ResultStorageException.class)
                .hasMessageContaining("--results DIR")
                .hasMessageNotContaining("\n");
        assertThatThrownBy(() -> ResultWriter.create(Path.of("/proc/self"), "a"))
                .isInstanceOf(ResultStorageException.class)
                .hasMessageContaining("--results DIR");
        assertThatThrownBy(() -> ResultWriter.create(folder, "full", path -> full(path)))
                .isInstanceOf(ResultStorageException.class)
                .hasMessageContaining("No space left on device");
        assertThat(folder.resolve("full.partial")).doesNotExist();
    }

    /** {@code /dev/full} refuses every write as a full disk does. */
    private static FileChannel full(Path path) throws IOException {
        Files.createFile(path);
        return FileChannel.open(Path.of("/dev/full"), StandardOpenOption.WRITE);
    }

    @Test
    void aFullDiskKeepsThePreviousContent() throws IOException {
        AtomicBoolean full = new AtomicBoolean();
        ResultWriter writer = ResultWriter.create(
                folder,
                "a",
                path -> full.get()
                        ? full(path)
                        : FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE));
        writer.writeJmh(text("first"));
        full.set(true);
        assertThatThrownBy(() -> writer.writeJmh(text("second")))
                .isInstanceOf(ResultStorageException.class)
                .hasMessageContaining("jmh.json")
                .hasMessageContaining("No space left on device")
                .hasMessageContaining("make room");
        assertThat(writer.directory().resolve("jmh.json")).hasContent("first");
        assertThat(writer.directory())
                .isDirectoryNotContaining(path -> path.toString().endsWith(".tmp"));
        full.set(false);
        writer.writeJmh(text("third"));
        assertThat(writer.finish().resolve("jmh.json")).hasContent("third");
    }

    @Test
    void aTakenNameAtTheEndLosesNothing() throws IOException {
        ResultWriter writer = ResultWriter.create(folder, "a");
        writer.writeJmh(text("kept"));
        Files.createDirectory(folder.resolve("a"));
        assertThatThrownBy(writer::finish)
                .isInstanceOf(ResultStorageException.class)
                .hasMessageContaining("the results are whole in");
        assertThat(folder.resolve("a.partial/jmh.json")).hasContent("kept");
    }
}
