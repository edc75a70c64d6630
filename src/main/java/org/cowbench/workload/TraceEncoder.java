package org.cowbench.workload;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reduces the text of valgrind's lackey ({@code --tool=lackey --trace-mem=yes}) to a page trace while the program runs.
 * The recording script runs it; benchmarks do not.
 *
 * <p>The script adds lines of its own to lackey's, in the same pipe, so that they come at the right place:
 * <pre>
 *   cowbench drop 00108000-00167000   leave out accesses to these addresses (hexadecimal, end exclusive)
 *   cowbench steady                   the load phase has ended: record from here
 *   cowbench stop                     record no more
 * </pre>
 * What is kept:
 * <ul>
 * <li>loads, stores and modifies (a modify is a write); no instruction fetch; an access that straddles pages counts for
 *     each;</li>
 * <li>an access unless one of the last {@code window} kept accesses covers it: the same page, and a write if this is
 *     one. So a page in constant use occurs again at least every {@code window + 1} accesses; the first write after
 *     reads is always kept.</li>
 * </ul>
 * Pages that occur are numbered densely in address order, which keeps neighbours neighbours.
 */
public final class TraceEncoder {
    private static final int PAGE_SHIFT = 12;
    private static final Pattern DROP = Pattern.compile("cowbench drop (\\p{XDigit}+)-(\\p{XDigit}+)");
    private static final int NEVER = Integer.MIN_VALUE;

    private final int window;
    private final TreeMap<Long, Long> dropped = new TreeMap<>();
    private final Map<Long, Page> pages = new HashMap<>();
    private Page[] kept = new Page[1 << 16];
    private boolean[] writes = new boolean[1 << 16];
    private int accesses;
    private long seen;
    private long leftOut;
    private Phase phase = Phase.LOAD;

    private enum Phase {
        LOAD,
        STEADY,
        STOPPED
    }

    private static final class Page {
        private final long number;
        private final boolean dropped;
        private int keptAt = NEVER;
        private boolean keptWrite;
        private int index;

        Page(long number, boolean dropped) {
            this.number = number;
            this.dropped = dropped;
        }
    }

    /**
     * Starts an empty trace.
     *
     * @param window kept accesses among which a covered access is left out, 1 or more
     * @throws IllegalArgumentException if {@code window} is less than 1
     */
    public TraceEncoder(int window) {
        if (window < 1) {
            throw new IllegalArgumentException("window must be at least 1, not " + window);
        }
        this.window = window;
    }

    /**
     * Reads lackey's text to its end.
     *
     * @param in the text; stays open
     * @throws IOException if reading fails, or a line is neither lackey's, valgrind's nor the script's
     */
    public void read(InputStream in) throws IOException {
        byte[] buffer = new byte[1 << 16];
        byte[] line = new byte[256];
        int length = 0;
        long number = 1;
        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
            for (int i = 0; i < n; i++) {
                byte b = buffer[i];
                if (b == '\n') {
                    line(line, length, number++);
                    length = 0;
                } else if (length < line.length) {
                    // A longer line is a message of valgrind, of which the start is enough.
                    line[length++] = b;
                }
            }
        }
        if (length > 0) {
            line(line, length, number);
        }
    }

    private void line(byte[] line, int length, long number) throws IOException {
        if (length == 0 || line[0] == 'I' || line[0] == '=' || line[0] == '-' || line[0] == '*') {
            return;
        }
        try {
            if (line[0] == ' ' && length > 3) {
                if (phase == Phase.STEADY) {
                    data(line, length);
                }
                return;
            }
            if (line[0] == 'c' && marker(new String(line, 0, length, StandardCharsets.US_ASCII))) {
                return;
            }
        } catch (NumberFormatException e) {
            // Reported with the line, as any other that makes no sense.
        }
        throw new IOException(
                "line " + number + " is not lackey's: " + new String(line, 0, length, StandardCharsets.US_ASCII));
    }

    private boolean marker(String line) {
        Matcher drop = DROP.matcher(line);
        if (drop.matches()) {
            dropped.put(Long.parseUnsignedLong(drop.group(1), 16), Long.parseUnsignedLong(drop.group(2), 16));
        } else if (line.equals("cowbench steady")) {
            phase = Phase.STEADY;
        } else if (line.equals("cowbench stop")) {
            phase = Phase.STOPPED;
        } else {
            return false;
        }
        return true;
    }

    /** Takes a line such as {@code " S 1ffefff7d8,8"}. */
    private void data(byte[] line, int length) {
        byte kind = line[1];
        int at = 3;
        long address = 0;
        while (at < length && line[at] != ',') {
            int digit = Character.digit(line[at++], 16);
            address = address << 4 | digit;
            if (digit < 0) {
                throw new NumberFormatException();
            }
        }
        long size = 0;
        for (at++; at < length; at++) {
            int digit = Character.digit(line[at], 10);
            size = size * 10 + digit;
            if (digit < 0) {
                throw new NumberFormatException();
            }
        }
        if (kind != 'L' && kind != 'S' && kind != 'M' || size == 0) {
            throw new NumberFormatException();
        }
        for (long page = address >>> PAGE_SHIFT; page <= address + size - 1 >>> PAGE_SHIFT; page++) {
            access(page, kind != 'L');
        }
    }

    private void access(long number, boolean write) {
        Page page = pages.computeIfAbsent(number, n -> new Page(n, isDropped(n << PAGE_SHIFT)));
        if (page.dropped) {
            leftOut++;
            return;
        }
        seen++;
        boolean recent = page.keptAt != NEVER && accesses - page.keptAt <= window;
        if (recent && (page.keptWrite || !write)) {
            return;
        }
        if (accesses == kept.length) {
            kept = Arrays.copyOf(kept, 2 * accesses);
            writes = Arrays.copyOf(writes, 2 * accesses);
        }
        kept[accesses] = page;
        writes[accesses] = write;
        page.keptAt = accesses++;
        page.keptWrite = write;
    }

    private boolean isDropped(long address) {
        Map.Entry<Long, Long> range = dropped.floorEntry(address);
        return range != null && address < range.getValue();
    }

    /**
     * Returns what was kept.
     *
     * @param name name of the stream
     * @return the trace
     * @throws IOException if the text never said {@code cowbench steady} and {@code cowbench stop}, or nothing was kept
     */
    public AccessStream trace(String name) throws IOException {
        if (phase != Phase.STOPPED) {
            throw new IOException("the recording ended in its " + phase.name().toLowerCase(Locale.ROOT)
                    + " phase: did the program die?");
        }
        if (accesses == 0) {
            throw new IOException("no access was recorded");
        }
        Page[] inOrder =
                pages.values().stream().filter(page -> page.keptAt != NEVER).toArray(Page[]::new);
        Arrays.sort(inOrder, (a, b) -> Long.compareUnsigned(a.number, b.number));
        for (int i = 0; i < inOrder.length; i++) {
            inOrder[i].index = i;
        }
        int[] codes = new int[accesses];
        for (int i = 0; i < accesses; i++) {
            codes[i] = AccessStream.access(kept[i].index, writes[i]);
        }
        return new AccessStream(name, inOrder.length, codes);
    }

    /**
     * Reduces standard input to a trace file and prints what it holds as {@code key: value} lines.
     *
     * @param args file to write, and window
     */
    public static void main(String[] args) {
        System.exit(run(args, System.in, System.out, System.err));
    }

    static int run(String[] args, InputStream in, PrintStream out, PrintStream err) {
        if (args.length != 2 || !args[1].matches("[1-9][0-9]{0,8}")) {
            err.println("usage: TraceEncoder FILE WINDOW < lackey's text");
            return 2;
        }
        try {
            TraceEncoder encoder = new TraceEncoder(Integer.parseInt(args[1]));
            encoder.read(in);
            AccessStream trace = encoder.trace(args[0]);
            try (OutputStream file = Files.newOutputStream(Path.of(args[0]))) {
                TraceFormat.write(trace, file);
            }
            out.printf(Locale.ROOT, "accesses: %d%n", trace.accesses());
            out.printf(Locale.ROOT, "pages: %d%n", trace.pages());
            out.printf(Locale.ROOT, "read share: %.6f%n", trace.readShare());
            out.printf(Locale.ROOT, "window: %d%n", encoder.window);
            out.printf(Locale.ROOT, "accesses before the window: %d%n", encoder.seen);
            out.printf(Locale.ROOT, "accesses to memory left out: %d%n", encoder.leftOut);
            return 0;
        } catch (IOException e) {
            err.println("TraceEncoder: " + e.getMessage());
            return 1;
        }
    }
}
