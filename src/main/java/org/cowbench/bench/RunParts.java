package org.cowbench.bench;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import org.cowbench.result.KnownMetric;
import org.cowbench.result.Parts;
import org.cowbench.result.ResultException;
import org.cowbench.result.ResultWriter;
import org.cowbench.result.RunInfo;
import org.cowbench.result.Shard;
import org.cowbench.result.SharedFacts;
import org.cowbench.result.TaggedHistogram;

/**
 * Parts of a run, each a result directory of one machine, and the whole that they are. What is dealt are blocks: all that is
 * compared with each other is measured by one machine. A part keeps what its forks delivered, so that the whole is written by
 * JMH's own writer from the same objects as one run's would have been.
 */
public final class RunParts {
    /** The command. */
    public static final String COMMAND = "run";

    private RunParts() {}

    /**
     * Reads what a part belongs to.
     *
     * @param directory its directory
     * @param all every cell there is
     * @return the part as {@link Parts#whole} takes it
     * @throws ResultException if it is none, is not complete, or cannot be read
     */
    public static ObjectNode head(Path directory, List<Cell> all) {
        if (!UnfinishedRun.isShare(directory)) {
            throw new ResultException(
                    directory + " is no complete part of a run; name what --shard made, and go on with an"
                            + " interrupted one first by: run --resume");
        }
        UnfinishedRun part = UnfinishedRun.share(directory, all);
        Shard shard = part.plan().shard();
        if (shard == null || Shard.of(shard.toString()).isEmpty()) {
            throw new ResultException(directory + " is no part of a run: its plan names no share");
        }
        RunInfo info = part.info();
        ObjectNode root = Parts.object();
        Parts.mark(root, info, shard, COMMAND)
                .put("status", 0)
                .put("program", part.program())
                .put("seed", info.seed())
                .put("benchmarks", part.plan().cells().stream().map(Cell::tag).collect(Collectors.joining(" ")));
        return root;
    }

    /**
     * Puts parts together.
     *
     * @param directories of all of them, in the order of their shares
     * @param all every cell there is
     * @param results directory of all results
     * @param label label of the whole
     * @param command command line, recorded
     * @return the directory of the whole
     * @throws ResultException if a fork is missing
     * @throws org.cowbench.result.ResultStorageException if it cannot be written
     */
    public static Path merge(List<Path> directories, List<Cell> all, Path results, String label, List<String> command) {
        List<UnfinishedRun> parts = new ArrayList<>();
        List<UnfinishedRun.Done> forks = new ArrayList<>();
        for (Path directory : directories) {
            UnfinishedRun part = UnfinishedRun.share(directory, all);
            if (part.done().size() != part.info().forks().size()) {
                throw new ResultException(directory + " holds " + part.done().size() + " of "
                        + part.info().forks().size() + " forks; run shard "
                        + new Shard(parts.size() + 1, directories.size()) + " again");
            }
            parts.add(part);
            forks.addAll(part.done());
        }
        forks.sort(Comparator.comparingInt(fork -> fork.info().order()));
        List<RunInfo> infos = parts.stream().map(UnfinishedRun::info).toList();
        ResultWriter writer = ResultWriter.create(results, label);
        write(writer, parts.getFirst().plan().cells(), forks, SharedFacts.merge(infos, label, command));
        return writer.finish();
    }

    private static void write(ResultWriter writer, List<Cell> cells, List<UnfinishedRun.Done> forks, RunInfo info) {
        MergedResults merged = new MergedResults(cells);
        List<TaggedLine> lines = new ArrayList<>();
        for (UnfinishedRun.Done fork : forks) {
            Cell cell = cells.stream()
                    .filter(each -> ForkQueue.is(fork.info(), each))
                    .findFirst()
                    .orElseThrow(() -> new ResultException(
                            "no benchmark " + fork.info().benchmark() + " is in the plan of the parts"));
            if (fork.result() != null) {
                merged.add(cell, fork.result());
                if (fork.result().getSecondaryResults().get(KnownMetric.LATENCY.id())
                        instanceof HistogramResult histogram) {
                    lines.add(new TaggedLine(cell, fork, histogram));
                }
            }
        }
        writer.writeJmh(out -> out.write(merged.json().getBytes(StandardCharsets.UTF_8)));
        writer.writeHistograms(
                () -> lines.stream().map(TaggedLine::decoded).iterator(),
                Instant.parse(info.started()),
                TaggedHistogram.COMMENT);
        writer.writeRunInfo(info.at(
                info.seconds(),
                true,
                forks.stream().map(UnfinishedRun.Done::info).toList()));
    }

    /** A fork's histogram, compressed until it is written. */
    private record TaggedLine(Cell cell, UnfinishedRun.Done fork, HistogramResult histogram) {
        TaggedHistogram decoded() {
            return new TaggedHistogram(
                    cell.tag(),
                    Instant.parse(fork.info().started()),
                    fork.info().seconds(),
                    histogram.histogram());
        }
    }
}
