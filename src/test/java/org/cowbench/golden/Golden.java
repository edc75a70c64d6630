package org.cowbench.golden;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Compares text with a file under version control. */
public final class Golden {
    /** Set to {@code true} to write the files instead of comparing with them. */
    public static final String REFRESH = "golden.refresh";

    private static final Path ROOT = Path.of("src", "test", "resources", "golden");

    private Golden() {}

    /**
     * Asserts that text is what the file holds.
     *
     * @param name path of the file below the golden directory
     * @param actual text now
     * @throws IOException if the file cannot be read or written
     */
    public static void check(String name, String actual) throws IOException {
        Path file = ROOT.resolve(name);
        if (Boolean.getBoolean(REFRESH)) {
            Files.createDirectories(file.getParent());
            Files.writeString(file, actual);
        }
        assertThat(file)
                .as("golden file; create or refresh with -D%s=true", REFRESH)
                .exists();
        assertThat(actual)
                .as("%s (after an intended change: -D%s=true)", file, REFRESH)
                .isEqualTo(Files.readString(file));
    }
}
