package org.cowbench.kernel;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.cowbench.litmus.Script;
import org.cowbench.litmus.Step;

/**
 * Scripts with all that is needed to run them where there is no Java: the static probe, the requests, and {@code run.sh},
 * which prints what came of them as KTAP. {@link RecordedKernel} reads that back.
 */
public final class ScriptPack {
    private static final String FOLDER = "cowbench/";
    private static final int PROGRAM = 0755;
    private static final int DATA = 0644;

    private ScriptPack() {}

    /**
     * Writes the archive, a gzipped tar of one folder {@code cowbench}.
     *
     * @param file where to
     * @param scripts the scripts, as they are to be run
     * @param environment the environment variables, for the compiler
     * @throws IOException if it cannot be written
     * @throws KernelException if a script is more than the probe can run, or the probe cannot be compiled
     */
    public static void write(Path file, List<Script> scripts, Map<String, String> environment) throws IOException {
        scripts.forEach(ProbeLimits::check);
        byte[] runner;
        try (InputStream in = ScriptPack.class.getResourceAsStream("/native/run.sh")) {
            runner = in.readAllBytes();
        }
        try (WorkFolder folder = new WorkFolder()) {
            byte[] probe = Files.readAllBytes(ProbeBinary.compile(folder.path(), environment));
            String names = scripts.stream().map(script -> name(script) + "\n").collect(Collectors.joining());
            try (OutputStream out = Files.newOutputStream(file);
                    TarArchiveOutputStream tar = new TarArchiveOutputStream(new GZIPOutputStream(out))) {
                add(tar, "run.sh", PROGRAM, runner);
                add(tar, "probe", PROGRAM, probe);
                add(tar, "names", DATA, names.getBytes(StandardCharsets.UTF_8));
                add(tar, "expected", DATA, expected(scripts).getBytes(StandardCharsets.UTF_8));
                add(
                        tar,
                        "requests",
                        DATA,
                        (ProbeSession.requestText(scripts) + "quit\n").getBytes(StandardCharsets.UTF_8));
            }
        }
    }

    /** The value behind each {@code ->}: script and step as the probe numbers them, and the value. */
    private static String expected(List<Script> scripts) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < scripts.size(); i++) {
            List<Step> steps = scripts.get(i).steps();
            for (int step = 0; step < steps.size(); step++) {
                if (steps.get(step).expected().isPresent()) {
                    text.append(i)
                            .append(' ')
                            .append(step)
                            .append(' ')
                            .append(Long.toUnsignedString(
                                    steps.get(step).expected().getAsLong()))
                            .append('\n');
                }
            }
        }
        return text.toString();
    }

    /** A name is a line, and in KTAP it ends at a mark. */
    private static String name(Script script) {
        return script.file().replaceAll("[^!-~]|#", "_");
    }

    private static void add(TarArchiveOutputStream tar, String name, int mode, byte[] content) throws IOException {
        TarArchiveEntry entry = new TarArchiveEntry(FOLDER + name);
        entry.setMode(mode);
        entry.setSize(content.length);
        // The same scripts make the same archive.
        entry.setModTime(0);
        tar.putArchiveEntry(entry);
        tar.write(content);
        tar.closeArchiveEntry();
    }
}
