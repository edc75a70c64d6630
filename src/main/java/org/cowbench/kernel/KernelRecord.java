package org.cowbench.kernel;

import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.cowbench.result.ResultWriter;
import org.cowbench.result.RunInfo;

/**
 * The result directory of one kernel or of several. It is there before the first boot, so that nothing is measured that
 * cannot be kept, and is saved after each, so that a run that is cut short keeps what it had.
 *
 * @param <B> what is measured in a boot
 */
public final class KernelRecord<B> {

    /**
     * Writes what was measured so far to a result directory.
     *
     * @param <B> what was measured in a boot
     */
    public interface Saver<B> {
        /**
         * Writes it.
         *
         * @param writer the result directory
         * @param info what is known about the run
         * @param boots boots by kernel
         * @param several whether each measurement names its kernel
         */
        void save(ResultWriter writer, RunInfo info, Map<String, List<B>> boots, boolean several);
    }

    private final ResultWriter writer;
    private final RunInfo info;
    private final int boots;
    private final boolean several;
    private final Saver<B> saver;
    private final Map<String, List<B>> measured = new LinkedHashMap<>();

    /**
     * Creates the directory.
     *
     * @param results directory of all results
     * @param info what is known about the run
     * @param kernels labels of its kernels, in the order in which the result lists them
     * @param boots boots of each that make the result complete
     * @param several whether each measurement names its kernel; without it two results can be compared
     * @param saver writes it
     * @throws org.cowbench.result.ResultStorageException if there is one of that name, or none can be created
     */
    public KernelRecord(
            Path results, RunInfo info, Iterable<String> kernels, int boots, boolean several, Saver<B> saver) {
        this.info = info;
        this.boots = boots;
        this.several = several;
        this.saver = saver;
        kernels.forEach(kernel -> measured.put(kernel, new ArrayList<>()));
        writer = ResultWriter.create(results, info.label());
    }

    /**
     * Whether a kernel's boots go here.
     *
     * @param kernel its label
     * @return whether they do
     */
    public boolean holds(String kernel) {
        return measured.containsKey(kernel);
    }

    /**
     * Saves one more boot.
     *
     * @param kernel the kernel's label
     * @param boot what was measured
     */
    public void add(String kernel, B boot) {
        Objects.requireNonNull(measured.get(kernel)).add(boot);
        Map<String, List<B>> present = new LinkedHashMap<>(measured);
        present.values().removeIf(List::isEmpty);
        boolean complete = measured.values().stream().allMatch(of -> of.size() == boots);
        double seconds = ChronoUnit.MILLIS.between(Instant.parse(info.started()), Instant.now()) / 1000.0;
        saver.save(writer, info.at(seconds, complete, List.of()), present, several);
    }

    /**
     * Boots so far.
     *
     * @return their number
     */
    public int count() {
        return measured.values().stream().mapToInt(List::size).sum();
    }

    /**
     * Gives the directory its name, or removes it when no boot was measured.
     *
     * @return the directory; empty when there is none
     */
    public Optional<Path> finish() {
        if (count() == 0) {
            writer.discard();
            return Optional.empty();
        }
        return Optional.of(writer.finish());
    }
}
