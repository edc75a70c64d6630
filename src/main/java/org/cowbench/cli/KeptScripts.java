package org.cowbench.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.cowbench.kernel.Conformance;
import org.cowbench.kernel.KernelException;
import org.cowbench.kernel.Mismatch;
import org.cowbench.litmus.Script;
import org.cowbench.litmus.Step;
import org.cowbench.result.ResultWriter;

/** Writes scripts that a kernel differs in to files that run again. */
final class KeptScripts {
    private static final String END = ".litmus";

    private KeptScripts() {}

    /**
     * Makes the folder, before anything is run for it.
     *
     * @throws KernelException if nothing can be written there
     */
    static void prepare(Path folder) {
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw cannot(folder, e);
        }
        if (!Files.isWritable(folder)) {
            throw new KernelException(
                    KernelException.Kind.LACKS, "--keep " + folder + " may not be written to; name another folder");
        }
    }

    /**
     * Keeps what was found, over what an earlier run has kept of the same script.
     *
     * @param label the kernel's label
     * @param title which kernel was compared with what
     * @throws KernelException if it cannot be written
     */
    static void keep(Path folder, String label, String title, Conformance.Finding finding) {
        String name = ResultWriter.labelPart(label) + "-"
                + finding.script().file().replaceFirst("\\.litmus$", "").replaceAll("[^A-Za-z0-9._+-]", "_");
        try {
            write(folder.resolve(name + END), title, finding.script(), finding.mismatches());
            if (!finding.minimal().equals(finding.script())) {
                write(
                        folder.resolve(name + "-minimal" + END),
                        finding.cut() ? title + "\n# " + ConformText.CUT : title,
                        finding.minimal(),
                        finding.minimalMismatches());
            }
        } catch (IOException e) {
            throw cannot(folder, e);
        }
    }

    private static void write(Path file, String title, Script script, List<Mismatch> mismatches) throws IOException {
        StringBuilder text = new StringBuilder("# ").append(title).append('\n');
        mismatches.forEach(mismatch ->
                text.append("# ").append(ConformText.describe(script, mismatch)).append('\n'));
        Files.writeString(file, text.append(expecting(script, mismatches).text()));
    }

    /** The same script, where a harmful value was seen with the value that must be. */
    private static Script expecting(Script script, List<Mismatch> mismatches) {
        List<Step> steps = new ArrayList<>(script.steps());
        for (Mismatch mismatch : mismatches) {
            if (mismatch.harm().harms()
                    && mismatch.field() == Mismatch.Field.VALUE
                    && !mismatch.model().equals("-")) {
                Step step = steps.get(mismatch.step());
                steps.set(
                        mismatch.step(),
                        step.with(step.value(), OptionalLong.of(Long.parseUnsignedLong(mismatch.model()))));
            }
        }
        return script.with(steps);
    }

    private static KernelException cannot(Path folder, IOException e) {
        return new KernelException(
                KernelException.Kind.LACKS,
                "--keep " + folder + " cannot be written: " + e.getMessage() + "; make room, or name another folder",
                "",
                e);
    }
}
