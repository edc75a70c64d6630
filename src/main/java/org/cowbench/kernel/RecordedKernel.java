package org.cowbench.kernel;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.cowbench.litmus.Script;
import org.cowbench.litmus.ScriptException;
import org.cowbench.litmus.ScriptParser;

/** A kernel that was asked elsewhere, by a {@link ScriptPack}: what {@code run.sh} printed there. */
public final class RecordedKernel implements KernelTarget {
    private static final String MARK = "# cowbench-";

    private final Path file;
    private final List<Script> scripts;
    private final List<String> answers;
    private final String release;

    /**
     * Reads what was printed. Whatever stands before the mark of a line, such as a console's time, is left out.
     *
     * @param file the output, or a log that holds it
     * @throws KernelException if it holds no output of a pack, or not all of the scripts
     */
    public RecordedKernel(Path file) {
        this.file = file;
        String text;
        try {
            text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw usage("cannot be read (" + e.getMessage() + ")");
        }
        if (!marked(text, "pack ").contains("1")) {
            throw usage("holds no output of a pack's run.sh ('" + MARK + "pack 1'); make one with: kernel pack");
        }
        scripts = scripts(marked(text, "name "), marked(text, "request "));
        answers = marked(text, "probe ");
        if (answers.isEmpty()) {
            throw new KernelException(
                    KernelException.Kind.LACKS, file + ": the probe said nothing there; did it start?");
        }
        release = parse(answers.getFirst()) instanceof ProbeMessage.Start start ? start.release() : "";
        if (release.isEmpty() && !(parse(answers.getFirst()) instanceof ProbeMessage.Fatal)) {
            throw usage("does not begin with the probe's first line: the log is cut");
        }
    }

    private ProbeMessage parse(String line) {
        try {
            return ProbeMessage.parse(line);
        } catch (ProbeMessage.ProbeFormatException e) {
            throw usage(e.getMessage()
                    + "; if a console has mixed it with the kernel's own lines, let run.sh print to a file");
        }
    }

    private static List<String> marked(String text, String what) {
        String mark = MARK + what;
        return text.lines()
                .filter(line -> line.contains(mark))
                .map(line -> line.substring(line.indexOf(mark) + mark.length()).stripTrailing())
                .toList();
    }

    /** As {@link ProbeSession#requestText} writes them. */
    private List<Script> scripts(List<String> names, List<String> requests) {
        List<Script> read = new ArrayList<>();
        try {
            for (int line = 0; line < requests.size() && !requests.get(line).equals("quit"); ) {
                String[] head = requests.get(line++).split(" ");
                int left = Integer.parseInt(head[1]);
                StringBuilder text = new StringBuilder();
                while (left > 0) {
                    String each = requests.get(line++) + "\n";
                    text.append(each);
                    left -= each.getBytes(StandardCharsets.UTF_8).length;
                }
                read.add(ScriptParser.parse(names.get(read.size()), text.toString()));
            }
        } catch (IndexOutOfBoundsException | NumberFormatException | ScriptException e) {
            throw usage("does not hold whole scripts: the log is cut or mixed with other lines");
        }
        if (read.isEmpty() || read.size() != names.size()) {
            throw usage("does not hold all of its scripts: the log is cut");
        }
        return List.copyOf(read);
    }

    private KernelException usage(String what) {
        return new KernelException(KernelException.Kind.USAGE, file + ": " + what);
    }

    /**
     * What was asked.
     *
     * @return the scripts
     */
    public List<Script> scripts() {
        return scripts;
    }

    @Override
    public String release() {
        return release;
    }

    @Override
    public KernelSession open(GuestOptions options, Path probe) {
        return new RecordedSession(file, scripts, answers);
    }
}
