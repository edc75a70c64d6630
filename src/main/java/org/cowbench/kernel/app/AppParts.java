package org.cowbench.kernel.app;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.cowbench.kernel.BootFigure;
import org.cowbench.result.Environment;
import org.cowbench.result.ForkInfo;
import org.cowbench.result.KnownBenchmark;
import org.cowbench.result.KnownMetric;
import org.cowbench.result.Measurement;
import org.cowbench.result.Metric;
import org.cowbench.result.Parts;
import org.cowbench.result.ResultDirectory;
import org.cowbench.result.ResultException;
import org.cowbench.result.ResultWriter;
import org.cowbench.result.RunInfo;
import org.cowbench.result.Shard;
import org.cowbench.result.SharedFacts;

/**
 * Parts of a measurement of a program on a kernel, each a result directory of one machine, and the whole that they are. What
 * is dealt are boots: a boot is measured by one machine, with the requests of its number.
 */
public final class AppParts {
    /** The command. */
    public static final String COMMAND = "kernel app";
    /** Of the machine, and without a part in what a guest counts. */
    private static final String EMULATOR = "guest.emulator";

    private AppParts() {}

    /**
     * Reads what a part belongs to.
     *
     * @param part the result
     * @return the part as {@link Parts#whole} takes it; empty if this is no result of a program
     * @throws ResultException if it is no part, or not complete
     */
    public static Optional<ObjectNode> head(ResultDirectory part) {
        RunInfo info = part.info();
        if (!info.environment().containsKey("app.name")) {
            return Optional.empty();
        }
        Shard shard = Shard.of(info.environment().getOrDefault(Environment.SHARD, ""))
                .filter(each -> info.complete())
                .orElseThrow(() -> new ResultException(part.path() + " is no complete part of '" + COMMAND
                        + "'; name what --shard made, and run that shard again where it was interrupted"));
        ObjectNode root = Parts.object();
        ObjectNode own = Parts.mark(root, info, shard, COMMAND)
                .put("status", info.environment().containsKey(AppBench.LOG) ? 1 : 0)
                .put("seed", info.seed());
        info.environment().forEach((name, value) -> {
            if ((name.startsWith("guest.") || name.startsWith("app.")) && !name.equals(EMULATOR)) {
                own.put(name, value);
            }
        });
        return Optional.of(root);
    }

    /**
     * Puts parts together.
     *
     * @param parts all of them, in the order of their shares
     * @param results directory of all results
     * @param label label of the whole
     * @param command command line, recorded
     * @return the directory of the whole
     * @throws ResultException if a part lacks a boot or a figure
     * @throws org.cowbench.result.ResultStorageException if it cannot be written
     */
    public static Path merge(List<ResultDirectory> parts, Path results, String label, List<String> command) {
        ArrayNode json = JsonNodeFactory.instance.arrayNode();
        List<ForkInfo> forks = new ArrayList<>();
        for (Measurement first : parts.getFirst().measurements()) {
            List<Measurement> all = parts.stream()
                    .flatMap(part -> part.measurements().stream()
                            .filter(each -> each.key().equals(first.key())))
                    .toList();
            // What not every boot has is not in the whole, as it is not in a result of one machine.
            if (all.size() == parts.size()) {
                json.add(figure(all, units(parts.getFirst(), first)).json());
                forks(parts, first, forks);
            }
        }
        RunInfo info =
                SharedFacts.merge(parts.stream().map(ResultDirectory::info).toList(), label, command);
        ResultWriter writer = ResultWriter.create(results, label);
        writer.writeJmh(json);
        writer.writeRunInfo(info.at(info.seconds(), true, forks));
        return writer.finish();
    }

    private static BootFigure figure(List<Measurement> parts, int units) {
        Measurement first = parts.getFirst();
        KnownBenchmark benchmark = KnownBenchmark.of(first.key())
                .orElseThrow(() -> new ResultException("no benchmark " + first.benchmark() + " is known here"));
        Map<KnownMetric, double[]> counts = new LinkedHashMap<>();
        Map<String, double[]> calls = new LinkedHashMap<>();
        first.secondary().keySet().forEach(name -> {
            List<Metric> metrics = parts.stream()
                    .map(part -> part.secondary().get(name))
                    .filter(metric -> metric != null)
                    .toList();
            if (metrics.size() == parts.size() && name.startsWith(KnownMetric.CALLS)) {
                calls.put(
                        name.substring(KnownMetric.CALLS.length()),
                        dealt(metrics.stream().map(Metric::raw).toList()));
            } else if (metrics.size() == parts.size()) {
                KnownMetric.of(name)
                        .ifPresent(known -> counts.put(
                                known, dealt(metrics.stream().map(Metric::raw).toList())));
            }
        });
        return new BootFigure(
                benchmark,
                new TreeMap<>(first.params()),
                units,
                dealt(parts.stream().map(Measurement::raw).toList()),
                counts,
                calls);
    }

    /** A value a boot, in the order of all boots. */
    private static double[] dealt(List<double[][]> parts) {
        double[] values =
                new double[parts.stream().mapToInt(part -> part.length).sum()];
        for (int boot = 0; boot < values.length; boot++) {
            double[][] part = parts.get(boot % parts.size());
            if (boot / parts.size() >= part.length) {
                throw lacks(boot, parts.size());
            }
            values[boot] = part[boot / parts.size()][0];
        }
        return values;
    }

    private static ResultException lacks(int boot, int parts) {
        return new ResultException(
                "shard " + new Shard(boot % parts + 1, parts) + " lacks boot " + (boot + 1) + "; run it again");
    }

    private static void forks(List<ResultDirectory> parts, Measurement of, List<ForkInfo> forks) {
        List<List<ForkInfo>> each = parts.stream()
                .map(part -> part.info().forks().stream()
                        .filter(fork -> fork.benchmark().equals(of.benchmark())
                                && fork.params().equals(of.params()))
                        .sorted(Comparator.comparingInt(ForkInfo::block))
                        .toList())
                .toList();
        int count = each.stream().mapToInt(List::size).sum();
        for (int boot = 0; boot < count; boot++) {
            List<ForkInfo> part = each.get(boot % each.size());
            if (boot / each.size() >= part.size()) {
                throw lacks(boot, each.size());
            }
            ForkInfo fork = part.get(boot / each.size());
            forks.add(new ForkInfo(
                    forks.size(),
                    boot,
                    fork.benchmark(),
                    fork.params(),
                    fork.started(),
                    fork.seconds(),
                    fork.median(),
                    fork.unit(),
                    null));
        }
    }

    /** Operations that a value stands for, which is told by JMH's file alone. */
    private static int units(ResultDirectory part, Measurement of) {
        Path file = part.path().resolve(ResultDirectory.JMH_FILE);
        try {
            JsonNode entries = new ObjectMapper().readTree(file.toFile());
            return entries.path(part.measurements().indexOf(of))
                    .path("measurementBatchSize")
                    .asInt();
        } catch (IOException e) {
            throw new ResultException("cannot read " + file + ": " + ResultWriter.reason(e), e);
        }
    }
}
