package org.cowbench.cli;

import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.cowbench.kernel.KernelBench;
import org.cowbench.result.ResultWriter;
import org.cowbench.result.RunInfo;

/**
 * The result directory of one kernel or of several. It is there before the first boot, so that nothing is measured that
 * cannot be kept, and is saved after each, so that a run that is cut short keeps what it had.
 */
final class KernelRecord {
    private final ResultWriter writer;
    private final RunInfo info;
    private final int boots;
    private final boolean several;
    private final Map<String, List<KernelBench.Boot>> measured = new LinkedHashMap<>();

    /**
     * Creates the directory.
     *
     * @param results directory of all results
     * @param info what is known about the run
     * @param kernels labels of its kernels, in the order in which the result lists them
     * @param boots boots of each that make the result complete
     * @param several whether each measurement names its kernel; without it two results can be compared
     * @throws org.cowbench.result.ResultStorageException if there is one of that name, or none can be created
     */
    KernelRecord(Path results, RunInfo info, Iterable<String> kernels, int boots, boolean several) {
        this.info = info;
        this.boots = boots;
        this.several = several;
        kernels.forEach(kernel -> measured.put(kernel, new ArrayList<>()));
        writer = ResultWriter.create(results, info.label());
    }

    /**
     * Whether a kernel's boots go here.
     *
     * @param kernel its label
     * @return whether they do
     */
    boolean holds(String kernel) {
        return measured.containsKey(kernel);
    }

    /**
     * Saves one more boot.
     *
     * @param kernel the kernel's label
     */
    void add(String kernel, KernelBench.Boot boot) {
        Objects.requireNonNull(measured.get(kernel)).add(boot);
        Map<String, List<KernelBench.Boot>> present = new LinkedHashMap<>(measured);
        present.values().removeIf(List::isEmpty);
        boolean complete = measured.values().stream().allMatch(of -> of.size() == boots);
        double seconds = ChronoUnit.MILLIS.between(Instant.parse(info.started()), Instant.now()) / 1000.0;
        KernelBench.save(writer, info.at(seconds, complete, List.of()), present, several);
    }

    /**
     * Boots so far.
     *
     * @return their number
     */
    int count() {
        return measured.values().stream().mapToInt(List::size).sum();
    }

    /**
     * Gives the directory its name, or removes it when no boot was measured.
     *
     * @return the directory; empty when there is none
     */
    Optional<Path> finish() {
        if (count() == 0) {
            writer.discard();
            return Optional.empty();
        }
        return Optional.of(writer.finish());
    }
}
