package org.cowbench.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.cowbench.bench.Suite;
import org.cowbench.cli.option.Given;
import org.cowbench.cli.option.Home;
import org.cowbench.cli.option.LabelOption;
import org.cowbench.cli.option.ResultsOption;
import org.cowbench.kernel.GuestOptions;
import org.cowbench.kernel.KernelBench;
import org.cowbench.kernel.KernelException;
import org.cowbench.kernel.KernelImage;
import org.cowbench.kernel.KernelRecord;
import org.cowbench.kernel.KernelSession;
import org.cowbench.litmus.SwapDevice;
import org.cowbench.result.Environment;
import org.cowbench.result.FewForks;
import org.cowbench.result.ResultDirectory;
import org.cowbench.result.ResultWriter;
import org.cowbench.result.Revision;
import org.cowbench.result.RunInfo;
import org.cowbench.result.Shard;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParameterException;

/** Which kernels to measure, and where the results go. A boot is measured as a whole. */
public abstract class KernelBootsMixin extends KernelMixin {
    @Mixin
    private LabelOption label;

    @Mixin
    private ResultsOption results;

    private @Nullable Revision revision;
    private @Nullable Instant started;
    private final AtomicBoolean said = new AtomicBoolean();

    /** What came of measuring kernels. */
    interface Report {
        /**
         * Shows it.
         *
         * @param results a result a kernel, or one of all; none is without a boot
         * @throws IOException if it cannot be written
         */
        void show(List<ResultDirectory> results) throws IOException;
    }

    /**
     * How boots are measured, and what becomes of them.
     *
     * @param <B> what is measured in a boot
     * @param options how guests are run
     * @param boots of each kernel
     * @param seed of what is random in them, 0 where nothing is
     * @param shard the share of the boots that is measured, null for all
     * @param facts what else the environment of a result says
     * @param measure measures one boot
     * @param saver writes boots to a result directory
     */
    record Work<B>(
            GuestOptions options,
            int boots,
            long seed,
            @Nullable Shard shard,
            Map<String, String> facts,
            Measure<B> measure,
            KernelRecord.Saver<B> saver) {

        /** Numbers of the boots that are measured. */
        List<Integer> numbers() {
            List<Integer> all = IntStream.rangeClosed(1, boots).boxed().toList();
            return shard == null ? all : shard.deal(all);
        }
    }

    /**
     * Measures one boot.
     *
     * @param <B> what is measured
     */
    interface Measure<B> {
        /**
         * Measures.
         *
         * @param kernel the kernel's label
         * @param boot its number, from 1
         * @param session the kernel, not booted yet
         * @return what was measured
         */
        B measure(String kernel, int boot, KernelSession session);
    }

    /** Made by the command line. */
    public KernelBootsMixin() {}

    /**
     * The sources that measure.
     *
     * @return their revision, as of the beginning
     */
    Revision revision() {
        return Objects.requireNonNull(revision);
    }

    /**
     * Boots of each kernel.
     *
     * @return at least 1
     */
    abstract int boots();

    /** Notes that a kernel's log has said something that counts. */
    final void found() {
        said.set(true);
    }

    /**
     * Where result directories go.
     *
     * @return the directory of all results
     */
    Path results() {
        return results.directory();
    }

    /**
     * Checks the options and where results go, and notes the time and the sources.
     *
     * @return the label of the result
     */
    String begin() {
        swap().refuse("what is measured is of pages that come back from swap; take disk or zram", SwapDevice.NONE);
        if (boots() < 1) {
            throw new ParameterException(spec().commandLine(), "--boots " + boots() + "; expected at least 1");
        }
        started = Instant.now().truncatedTo(ChronoUnit.MILLIS);
        revision = Revision.of(Home.path());
        String name = label.or(ResultWriter.defaultLabel(started, revision));
        check();
        Places.demand(results(), null);
        if (host()) {
            // Guests' results are created before the first boot; a swap file would be made before that.
            ResultWriter.demandFree(results(), name);
        }
        return name;
    }

    /**
     * Refuses options that would have no effect.
     *
     * @param why what is said of one that was given
     * @param names their names
     */
    void refuse(String why, String... names) {
        for (String name : names) {
            if (spec().commandLine().getParseResult().hasMatchedOption(name)) {
                throw new ParameterException(spec().commandLine(), name + " " + why);
            }
        }
    }

    /**
     * What a run with fewer forks than a claim needs says of itself.
     *
     * @return its warnings
     */
    List<String> notes() {
        String count = boots() + (host() ? " fork" : " boot") + (boots() == 1 ? "" : "s");
        return boots() < Suite.LEAST_FORKS ? List.of(FewForks.warning(count)) : List.of();
    }

    /**
     * Measures kernels and keeps what was measured however that ends: a kernel that fails takes no other kernel's boots
     * with it, and an interruption none that was finished.
     *
     * @param <B> what is measured in a boot
     * @param work how
     * @param name label of the result, or of each with the kernel's own behind it
     * @param kernels the kernels by label
     * @param together whether all go into one result
     * @param report shows what came out
     * @return the exit status
     * @throws IOException if the report cannot be written
     * @throws KernelException what failed first, after all else was measured and shown
     */
    final <B> int measure(Work<B> work, String name, Map<String, KernelImage> kernels, boolean together, Report report)
            throws IOException {
        demand(kernels);
        List<KernelRecord<B>> records = new ArrayList<>();
        List<Path> directories = new ArrayList<>();
        KernelException failure;
        try (Interruption _ = Interruption.listen()) {
            if (together) {
                records.add(record(work, name, kernels, true));
            } else {
                kernels.forEach((kernel, image) -> records.add(record(
                        work,
                        kernels.size() == 1 ? name : name + "-" + ResultWriter.labelPart(kernel),
                        Map.of(kernel, image),
                        false)));
            }
            failure = boot(work, kernels, records);
            records.forEach(record -> record.finish().ifPresent(directories::add));
        } catch (RuntimeException e) {
            records.stream().filter(record -> record.count() == 0).forEach(KernelRecord::finish);
            throw e;
        }
        PrintWriter err = spec().commandLine().getErr();
        if (Interruption.happened()) {
            int count = records.stream().mapToInt(KernelRecord::count).sum();
            err.println("cowbench: interrupted; "
                    + (count == 0
                            ? "nothing was measured"
                            : count + " of "
                                    + kernels.size() * work.numbers().size() + " boots are kept in "
                                    + directories.stream().map(Path::toString).collect(Collectors.joining(", "))));
            err.flush();
            return ExitStatus.INTERRUPTED;
        }
        if (!directories.isEmpty()) {
            directories.forEach(directory -> err.println("results: " + directory));
            err.flush();
            report.show(directories.stream().map(ResultDirectory::read).toList());
        }
        if (failure != null) {
            throw failure;
        }
        return said.get() ? ExitStatus.FOUND : ExitStatus.OK;
    }

    private <B> KernelRecord<B> record(Work<B> work, String name, Map<String, KernelImage> kernels, boolean several) {
        SortedMap<String, String> environment = new TreeMap<>(Environment.capture(List.of()));
        environment.putAll(KernelBench.environment(work.options()));
        environment.putAll(work.facts());
        kernels.forEach((kernel, image) -> environment.putAll(KernelBench.environment(kernel, image, several)));
        RunInfo info = new RunInfo(
                RunInfo.SCHEMA,
                name,
                revision().commit(),
                revision().dirty(),
                Given.words(spec()),
                work.seed(),
                "kernel",
                Objects.requireNonNull(started).toString(),
                0,
                false,
                environment,
                List.of(),
                notes());
        return new KernelRecord<>(
                results(), info, kernels.keySet(), work.numbers().size(), several, work.saver());
    }

    /** Boots of the same kernel lie apart in time, as forks of the same benchmark do; one that failed is not tried again. */
    private <B> @Nullable KernelException boot(
            Work<B> work, Map<String, KernelImage> kernels, List<KernelRecord<B>> records) {
        PrintWriter err = spec().commandLine().getErr();
        List<KernelException> failures = new ArrayList<>();
        Map<String, KernelImage> healthy = new LinkedHashMap<>(kernels);
        for (int number : work.numbers()) {
            if (healthy.isEmpty() || Interruption.happened()) {
                break;
            }
            String count = "boot " + number + " of " + work.boots();
            Set<String> answered = new HashSet<>();
            try {
                ask(
                        healthy,
                        work.options(),
                        (kernel, session) -> measureOne(work, number, kernel, session),
                        (kernel, one) -> {
                            answered.add(kernel);
                            records.stream()
                                    .filter(record -> record.holds(kernel))
                                    .forEach(record -> record.add(kernel, one));
                            err.println(kernel + ": " + count + " measured");
                            err.flush();
                        });
            } catch (KernelException e) {
                failures.add(e);
            } catch (IllegalStateException e) {
                // A guest that is about to start when a signal comes finds the JVM ending.
                if (!Interruption.happened()) {
                    throw e;
                }
            }
            healthy.keySet().retainAll(answered);
        }
        if (failures.isEmpty()) {
            return null;
        }
        KernelException first = failures.removeFirst();
        failures.forEach(other -> {
            first.addSuppressed(other);
            List.of(other.getSuppressed()).forEach(first::addSuppressed);
        });
        return first;
    }

    private <B> B measureOne(Work<B> work, int boot, String kernel, KernelSession session) {
        if (Interruption.happened()) {
            throw new KernelException(KernelException.Kind.LACKS, kernel + ": interrupted");
        }
        return work.measure().measure(kernel, boot, session);
    }
}
