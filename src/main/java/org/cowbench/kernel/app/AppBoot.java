package org.cowbench.kernel.app;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.cowbench.kernel.KernelException;
import org.cowbench.kernel.KernelSession;
import org.cowbench.kernel.LogFinding;

/**
 * A boot in which a program did all that was asked of it.
 *
 * @param loads what each load cost, in the order in which they were played
 * @param told numbers that the program told of itself, by its own names, and instructions of commands, by theirs
 * @param used bytes that it used when it was limited
 * @param limit bytes to which it was limited
 * @param log what the kernel's log said against it meanwhile
 * @param start when the boot began
 * @param seconds how long it took
 */
public record AppBoot(
        Map<String, Load> loads,
        Map<String, Long> told,
        long used,
        long limit,
        List<LogFinding> log,
        Instant start,
        double seconds) {
    /** What a program that forks tells of the last time: microseconds, a thousand instructions each. */
    public static final String FORK = "latest_fork_usec";

    private static final int SIGNAL = 0x7f;
    private static final int KILL = 9;

    /**
     * What a load cost.
     *
     * @param requests how many there were
     * @param instructions of the program's process, in user space and in the kernel
     * @param minor its minor faults
     * @param major its major faults
     * @param in pages read from the swap device, readahead included
     * @param out pages written to it
     * @param reused pages that a write kept, as the kernel counts them ({@code pgreuse}); empty where it does not
     * @param peak most bytes of the process that were resident at once; empty where the kernel does not tell
     * @param calls of kernel functions that were asked for, by their names; without those that cannot be counted
     */
    public record Load(
            long requests,
            long instructions,
            long minor,
            long major,
            long in,
            long out,
            OptionalLong reused,
            OptionalLong peak,
            Map<String, Long> calls) {
        private static Load of(JsonNode json) {
            return new Load(
                    json.path("requests").asLong(),
                    json.path("instructions").asLong(),
                    json.path("minor").asLong(),
                    json.path("major").asLong(),
                    json.path("in").asLong(),
                    json.path("out").asLong(),
                    number(json, "reused"),
                    number(json, "peak"),
                    calls(json.path("calls")));
        }

        private static Map<String, Long> calls(JsonNode json) {
            Map<String, Long> calls = new LinkedHashMap<>();
            json.properties()
                    .forEach(each -> calls.put(each.getKey(), each.getValue().asLong()));
            return calls;
        }

        private static OptionalLong number(JsonNode json, String name) {
            return json.has(name) ? OptionalLong.of(json.get(name).asLong()) : OptionalLong.empty();
        }
    }

    /**
     * Runs a program in a boot of its own.
     *
     * @param kernel what messages call the kernel
     * @param session the kernel
     * @param app what is run
     * @param program its files
     * @param plan what is asked of it
     * @param each is told the name of each load that is done, and what cannot be counted
     * @return what it cost
     * @throws KernelException if the program did not do all of it, or the kernel could not or did not survive it
     */
    public static AppBoot run(
            String kernel, KernelSession session, App app, Program program, Plan plan, Consumer<String> each) {
        Instant start = Instant.now();
        long nanos = System.nanoTime();
        Map<String, byte[]> files = new LinkedHashMap<>(program.files());
        files.putAll(plan.files(app.arguments()));
        Map<String, Load> loads = new LinkedHashMap<>();
        Map<String, Long> told = new LinkedHashMap<>();
        long[] memory = new long[2];
        List<LogFinding> log = session.serve(files, "file /proc/sys/vm/page-cluster 3\n" + plan.steps(), json -> {
            if (json.has("ended")) {
                throw ended(kernel, app, json, loads.size(), plan);
            } else if (json.has("load")) {
                String name = json.path("load").asText();
                check(kernel, app, name, json);
                loads.put(name, Load.of(json));
                each.accept(name);
            } else if (json.has("limit")) {
                memory[0] = json.path("used").asLong();
                memory[1] = json.path("limit").asLong();
                demandRoom(kernel, app, loads);
            } else if (json.has("uncounted")) {
                each.accept("not counted: " + json.path("uncounted").asText() + ": "
                        + json.path("why").asText());
            } else if (json.has("did")) {
                told.put(json.path("did").asText(), json.path("instructions").asLong());
            } else if (json.has("tell")) {
                told.put(json.path("tell").asText(), json.path("value").asLong());
            }
        });
        return new AppBoot(loads, told, memory[0], memory[1], log, start, (System.nanoTime() - nanos) / 1e9);
    }

    /** What was swapped out before there was a limit would be missing in what the limit is reckoned from. */
    private static void demandRoom(String kernel, App app, Map<String, Load> loads) {
        long out = loads.values().stream().mapToLong(Load::out).sum();
        if (out > 0) {
            throw new KernelException(
                    KernelException.Kind.LACKS,
                    kernel + ": the guest is too small for " + app.name() + ": " + out
                            + " pages were swapped out before its memory was limited; give it more --memory, or fewer"
                            + " --keys");
        }
    }

    private static void check(String kernel, App app, String load, JsonNode json) {
        if (json.path("errors").asLong() > 0) {
            throw new KernelException(
                    KernelException.Kind.KERNEL,
                    kernel + ": " + app.name() + " refused "
                            + json.path("errors").asLong() + " requests of load '" + load + "': "
                            + json.path("error").asText());
        }
        if (json.path("missing").asLong() > 0) {
            throw new KernelException(
                    KernelException.Kind.KERNEL,
                    kernel + ": " + app.name() + " has lost what it was given: "
                            + json.path("missing").asLong() + " keys were missing in load '" + load + "'");
        }
    }

    private static KernelException ended(String kernel, App app, JsonNode json, int done, Plan plan) {
        int status = json.path("ended").asInt();
        int signal = status & SIGNAL;
        String where = done == 0
                ? " before its first load was done"
                : " after load '" + plan.loads().get(done - 1) + "'";
        String words = json.path("said").asText();
        String said = words.isBlank() ? "" : "; its last words: " + words;
        if (signal == KILL) {
            return new KernelException(
                    KernelException.Kind.LACKS,
                    kernel + ": the guest's kernel ended " + app.name() + where
                            + ", for want of memory: give it more --memory, a higher --percent or fewer --keys" + said);
        }
        String how = signal == 0 ? " ended with status " + (status >> 8) : " was ended by signal " + signal;
        return new KernelException(
                done == 0 && signal == 0 ? KernelException.Kind.LACKS : KernelException.Kind.KERNEL,
                kernel + ": " + app.name() + how + where + said);
    }
}
