package org.cowbench.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputFilter;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.cowbench.result.Environment;
import org.cowbench.result.ForkInfo;
import org.cowbench.result.ResultDirectory;
import org.cowbench.result.ResultException;
import org.cowbench.result.ResultWriter;
import org.cowbench.result.Revision;
import org.cowbench.result.RunInfo;
import org.cowbench.result.Shard;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.results.RunResult;

/**
 * A run that was interrupted or killed, as it lies on disk.
 *
 * <p>Beside the files of every result, a run keeps its plan and what each fork delivered, until it is complete: JMH's own
 * objects, as a fork sends them to its host. A run that goes on takes them as if the forks had just ended, so that what it
 * writes is what it would have written without the interruption. A complete share of a run keeps the same files, its plan
 * under another name, for {@link RunParts}.
 */
public final class UnfinishedRun {
    private static final int SCHEMA = 1;
    private static final String PLAN = "plan.json";
    private static final String SHARE = "shard.json";
    private static final String DONE = ".done";

    /** A result directory may have come from somebody else: only what a fork sends is ever built from it. */
    private static final ObjectInputFilter FILTER = ObjectInputFilter.Config.createFilter(
            "org.openjdk.jmh.**;org.cowbench.bench.*;java.lang.*;java.util.**;!*");

    private static final ObjectMapper MAPPER =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    private final RunPlan plan;
    private final Plan stored;
    private final RunInfo info;
    private final List<Done> done;

    /** The plan as it is stored. */
    private record Plan(
            int schema,
            String suite,
            List<String> cells,
            Effort effort,
            boolean turns,
            long seed,
            String commit,
            boolean dirty,
            String program,
            List<String> command,
            Map<String, String> facts,
            List<String> notes,
            Map<String, String> launcher,
            @Nullable Shard shard) {}

    /**
     * An executed fork.
     *
     * @param info what is known of it
     * @param result what it delivered, null when it failed
     */
    record Done(ForkInfo info, @Nullable RunResult result) {
        private String file() {
            return "fork-" + info.order() + DONE;
        }

        private byte[] bytes() throws IOException {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
                out.writeObject(MAPPER.writeValueAsString(info));
                out.writeObject(result);
            }
            return bytes.toByteArray();
        }

        private static Done of(byte[] bytes) throws IOException, ClassNotFoundException {
            try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes))) {
                in.setObjectInputFilter(FILTER);
                ForkInfo info = MAPPER.readValue((String) in.readObject(), ForkInfo.class);
                return new Done(info, (RunResult) in.readObject());
            }
        }
    }

    private UnfinishedRun(RunPlan plan, Plan stored, RunInfo info, List<Done> done) {
        this.plan = plan;
        this.stored = stored;
        this.info = info;
        this.done = done;
    }

    /**
     * Says whether a label is that of a run with a plan to go on with.
     *
     * @param results directory of all results
     * @return whether it was interrupted or killed, or is going on now; false of one that ended, and where there is none
     */
    public static boolean exists(Path results, String label) {
        return Files.exists(
                        results.resolve(label + ResultDirectory.PARTIAL_SUFFIX).resolve(PLAN))
                || Files.exists(results.resolve(label).resolve(PLAN));
    }

    /**
     * Reads a run that has not ended.
     *
     * @param results directory of all results
     * @param label label of the run
     * @param all every cell there is
     * @return the run
     * @throws ResultException when there is none, it is complete, or it cannot be gone on with; one that was killed when
     *     all was measured has nothing left but to be given its name
     */
    public static UnfinishedRun open(Path results, String label, List<Cell> all) {
        Path directory = results.resolve(label + ResultDirectory.PARTIAL_SUFFIX);
        if (!Files.isDirectory(directory)) {
            directory = results.resolve(label);
        }
        if (!Files.isDirectory(directory)) {
            throw new ResultException("no run '" + label + "' to resume: " + directory + " does not exist");
        }
        RunInfo info = ResultDirectory.read(directory).info();
        if (info.complete() && !Files.exists(directory.resolve(PLAN))) {
            throw new ResultException(directory + " is complete: there is nothing to resume");
        }
        Path file = directory.resolve(PLAN);
        if (!Files.exists(file)) {
            throw new ResultException(
                    directory + " holds no " + PLAN + ": what measured it cannot be gone on with; measure it anew");
        }
        return read(directory, file, results, label, info, all);
    }

    /**
     * Whether a directory is that of a complete share.
     *
     * @param directory a result directory
     * @return whether it is
     */
    static boolean isShare(Path directory) {
        return Files.exists(directory.resolve(SHARE))
                && ResultDirectory.read(directory).info().complete();
    }

    /** Reads a complete share. */
    static UnfinishedRun share(Path directory, List<Cell> all) {
        RunInfo info = ResultDirectory.read(directory).info();
        return read(directory, directory.resolve(SHARE), directory, info.label(), info, all);
    }

    private static UnfinishedRun read(
            Path directory, Path file, Path results, String label, RunInfo info, List<Cell> all) {
        try {
            Plan stored = MAPPER.readValue(Files.readAllBytes(file), Plan.class);
            if (stored.schema() != SCHEMA) {
                throw new ResultException(
                        file + " has schema " + stored.schema() + ", this cowbench goes on with " + SCHEMA);
            }
            Map<String, Cell> byTag = new HashMap<>();
            all.forEach(cell -> byTag.put(cell.tag(), cell));
            List<Cell> cells = new ArrayList<>();
            for (String tag : stored.cells()) {
                if (!byTag.containsKey(tag)) {
                    throw new ResultException(directory + " cannot be used here: there is no benchmark " + tag);
                }
                cells.add(byTag.get(tag));
            }
            RunPlan plan = new RunPlan(
                    label,
                    results,
                    stored.suite(),
                    cells,
                    stored.effort(),
                    stored.turns(),
                    stored.seed(),
                    new Revision(stored.commit(), stored.dirty()),
                    stored.command(),
                    stored.facts(),
                    stored.notes(),
                    stored.shard());
            return new UnfinishedRun(plan, stored, info, forks(directory, stored.shard() != null));
        } catch (IOException e) {
            throw new ResultException(file + " is no whole plan; measure it anew", e);
        }
    }

    /** The forks that are whole, up to the first that is not; what comes after that is measured again. */
    private static List<Done> forks(Path directory, boolean share) throws IOException {
        TreeMap<Integer, Path> files = new TreeMap<>();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(directory, "fork-*" + DONE)) {
            for (Path file : all) {
                String name = file.getFileName().toString();
                files.put(Integer.valueOf(name.substring("fork-".length(), name.length() - DONE.length())), file);
            }
        } catch (NumberFormatException e) {
            throw new IOException(e);
        }
        List<Done> forks = new ArrayList<>();
        for (Map.Entry<Integer, Path> each : files.entrySet()) {
            if (!share && each.getKey() != forks.size()) {
                break;
            }
            try {
                forks.add(Done.of(Files.readAllBytes(each.getValue())));
            } catch (IOException | ClassNotFoundException | ClassCastException e) {
                break;
            }
        }
        return List.copyOf(forks);
    }

    /**
     * Tells why the run cannot go on here and now as if it had not been interrupted.
     *
     * @param revision the sources as they are
     * @return one line; empty when it can
     */
    public Optional<String> refusal(Revision revision) {
        String what = plan.label() + " cannot be resumed: ";
        if (!revision.commit().equals(stored.commit())) {
            return Optional.of(what + "it measured commit " + plan.revision().shortCommit() + ", and this is "
                    + revision.shortCommit() + "; check that commit out, or measure anew");
        }
        if (revision.dirty() != stored.dirty() || !program(revision).equals(stored.program())) {
            return Optional.of(what + "the sources have changed since; restore them, or measure anew");
        }
        Map<String, String> now = Environment.capture(JmhLauncher.JVM_FLAGS);
        return now.keySet().stream()
                .filter(fact -> !Environment.fleeting(fact)
                        && !Objects.equals(now.get(fact), info.environment().get(fact)))
                .findFirst()
                .map(fact -> what + "the machine is another, or set otherwise: " + fact + " was "
                        + info.environment().getOrDefault(fact, "unknown") + " and is " + now.get(fact));
    }

    /**
     * What it was to do.
     *
     * @return its plan
     */
    public RunPlan plan() {
        return plan;
    }

    /**
     * How its forks are launched.
     *
     * @return what {@link ForkLauncher#settings()} said
     */
    public Map<String, String> launcher() {
        return stored.launcher();
    }

    /** What its run.json says. */
    RunInfo info() {
        return info;
    }

    /** What a jar holds, where the commit does not tell; empty where it does, or where there is no jar. */
    String program() {
        return stored.program();
    }

    /** Its forks, in the order of the schedule, without a hole but for those of other shares. */
    List<Done> done() {
        return done;
    }

    /** Stores a plan, and with it that the run can be gone on with. */
    static void save(ResultWriter writer, RunPlan plan, Map<String, String> launcher) {
        save(writer, PLAN, plan, launcher);
    }

    /** Stores a share's plan as that of one that is not to be gone on with, before it is called complete. */
    static void share(ResultWriter writer, RunPlan plan, Map<String, String> launcher) {
        save(writer, SHARE, plan, launcher);
    }

    /** Ends a complete share, which keeps what its forks delivered. */
    static void endShare(ResultWriter writer) {
        writer.remove(PLAN);
    }

    private static void save(ResultWriter writer, String name, RunPlan plan, Map<String, String> launcher) {
        writer.write(
                name,
                out -> out.write(MAPPER.writeValueAsBytes(new Plan(
                        SCHEMA,
                        plan.suite(),
                        plan.cells().stream().map(Cell::tag).toList(),
                        plan.effort(),
                        plan.turns(),
                        plan.seed(),
                        plan.revision().commit(),
                        plan.revision().dirty(),
                        program(plan.revision()),
                        plan.command(),
                        plan.facts(),
                        plan.notes(),
                        launcher,
                        plan.shard()))));
    }

    /** Stores a fork. */
    static void save(ResultWriter writer, Done fork) {
        writer.write(fork.file(), out -> out.write(fork.bytes()));
    }

    /** Removes what a complete run needs no more. */
    static void remove(ResultWriter writer, List<Done> forks) {
        // The plan first: without it the rest means nothing.
        writer.remove(PLAN);
        forks.forEach(fork -> writer.remove(fork.file()));
    }

    /** What a jar holds, whenever it was built; empty where the commit tells, or where there is no jar. */
    private static String program(Revision revision) {
        if (!revision.commit().isEmpty() && !revision.dirty()) {
            return "";
        }
        try {
            Path jar = Path.of(UnfinishedRun.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
            if (!Files.isRegularFile(jar)) {
                return "";
            }
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            try (ZipFile zip = new ZipFile(jar.toFile())) {
                zip.stream()
                        .sorted(Comparator.comparing(ZipEntry::getName))
                        .forEach(entry -> digest.update(
                                (entry.getName() + " " + entry.getCrc() + "\n").getBytes(StandardCharsets.UTF_8)));
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (IOException | URISyntaxException | NoSuchAlgorithmException e) {
            return "";
        }
    }
}
