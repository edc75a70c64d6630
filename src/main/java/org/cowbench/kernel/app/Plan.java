package org.cowbench.kernel.app;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What is asked of a program in one boot. Requests are bytes with a place for a key; a load is a sequence of them, made
 * here, so that it is the same byte for byte on every kernel. Steps are done in the order in which they were added.
 */
public final class Plan {
    /** What stands in a request where the key's twelve digits go. */
    public static final String KEY = "############";
    /** Keys are below this. */
    public static final int MOST_KEYS = 1 << 28;

    /** Most bytes of what is sent at once. */
    public static final int LARGEST_BATCH = 480 * 1024;

    /** Most kinds of requests, as the probe's {@code shared.h} has it. */
    public static final int MOST_REQUESTS = 16;
    /** Most functions of the kernel whose calls are counted; there too. */
    public static final int MOST_COUNTED = 8;

    private static final int LONGEST_REQUEST = 32 * 1024 - 1;

    private final List<byte[]> requests = new ArrayList<>();
    private final Map<String, String> texts = new LinkedHashMap<>();
    private final Map<String, int[]> loads = new LinkedHashMap<>();
    private final String start;
    private final List<String> counted = new ArrayList<>();
    private final StringBuilder steps = new StringBuilder();

    /**
     * Begins: the program is started.
     *
     * @param socket where it is asked
     */
    public Plan(String socket) {
        start = "app start " + socket + "\n";
    }

    /**
     * Gives the guest a file along, beside the program's.
     *
     * @param path its path without a leading slash
     * @param text what it says
     * @return this
     */
    public Plan file(String path, String text) {
        texts.put(path, text);
        return this;
    }

    /**
     * Adds a kind of request.
     *
     * @param text its bytes, each a character, {@link #KEY} at most once among them
     * @return the number by which loads name it
     */
    public int request(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        if (requests.size() == MOST_REQUESTS || bytes.length > LONGEST_REQUEST) {
            throw new IllegalArgumentException("request " + requests.size() + " of " + bytes.length + " bytes");
        }
        requests.add(bytes);
        return requests.size() - 1;
    }

    /**
     * One request of a load.
     *
     * @param request its kind
     * @param key its key
     * @return both in a number
     */
    public static int one(int request, int key) {
        return request << 28 | key;
    }

    /**
     * Plays a load.
     *
     * @param name what its figures are called
     * @param load the requests, each as {@link #one} has it
     * @param pipeline so many at once
     * @return this
     */
    public Plan load(String name, int[] load, int pipeline) {
        loads.put(name, load.clone());
        steps.append("app load ").append(name).append(' ').append(pipeline).append('\n');
        return this;
    }

    /**
     * Limits the program's memory.
     *
     * @param percent of what it uses at this step
     * @return this
     */
    public Plan limit(int percent) {
        steps.append("app limit ").append(percent).append('\n');
        return this;
    }

    /**
     * Gives a command, whose reply must not be an error.
     *
     * @param command a line
     * @return this
     */
    public Plan command(String command) {
        steps.append("app do ").append(command).append('\n');
        return this;
    }

    /**
     * Repeats a command until its reply has a number.
     *
     * @param field what stands before the number
     * @param value the number
     * @param command a line
     * @return this
     */
    public Plan until(String field, int value, String command) {
        return number("until", field, value, command);
    }

    /**
     * Ends the run unless a command's reply has a number.
     *
     * @param field what stands before the number
     * @param value the number
     * @param command a line
     * @return this
     */
    public Plan demand(String field, int value, String command) {
        return number("demand", field, value, command);
    }

    private Plan number(String verb, String field, int value, String command) {
        steps.append("app %s %s %d %s\n".formatted(verb, field, value, command));
        return this;
    }

    /**
     * Asks for a number.
     *
     * @param field what stands before it
     * @param command a line
     * @return this
     */
    public Plan tell(String field, String command) {
        steps.append("app tell ").append(field).append(' ').append(command).append('\n');
        return this;
    }

    /**
     * Has calls of kernel functions counted.
     *
     * @param functions their names
     * @return this
     */
    public Plan count(List<String> functions) {
        counted.addAll(functions);
        return this;
    }

    /**
     * What the probe is to do.
     *
     * @return a request a line
     */
    String steps() {
        StringBuilder all = new StringBuilder(start);
        counted.forEach(function -> all.append("app count ").append(function).append('\n'));
        return all.append(steps).toString();
    }

    /**
     * The names of the loads.
     *
     * @return in the order in which they are played
     */
    List<String> loads() {
        return List.copyOf(loads.keySet());
    }

    /**
     * What the guest is given along for this.
     *
     * @param arguments how the program starts
     * @return files by path
     */
    Map<String, byte[]> files(List<String> arguments) {
        Map<String, byte[]> files = new LinkedHashMap<>();
        texts.forEach((path, text) -> files.put(path, text.getBytes(StandardCharsets.UTF_8)));
        files.put("app/arguments", String.join("\n", arguments).getBytes(StandardCharsets.UTF_8));
        for (int i = 0; i < requests.size(); i++) {
            files.put("app/ask" + i, requests.get(i));
        }
        loads.forEach((name, load) -> {
            ByteBuffer bytes = ByteBuffer.allocate(load.length * Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
            bytes.asIntBuffer().put(load);
            files.put("app/load-" + name, bytes.array());
        });
        return files;
    }
}
