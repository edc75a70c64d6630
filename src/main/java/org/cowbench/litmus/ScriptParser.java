package org.cowbench.litmus;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Reads the script language. */
public final class ScriptParser {
    /** Most pages an area may have. */
    public static final int MAX_PAGES = 65_536;
    /** Most steps a script may have. */
    public static final int MAX_STEPS = 100_000;

    private static final Pattern NAME = Pattern.compile("[A-Za-z][A-Za-z0-9_]*");
    private static final Pattern EXPECT =
            Pattern.compile("#expect\\s+(\\d+)\\s+(copy|reuse|quiet|=\\d+)\\s*:\\s*(\\S.*)");

    private final String file;
    private final List<Step> steps = new ArrayList<>();
    private final List<Script.Expectation> expectations = new ArrayList<>();
    private final Set<String> processes = new HashSet<>(Set.of("A"));
    private final Set<String> references = new HashSet<>();
    private int pages = 1;
    private boolean pagesSeen;
    private int line;
    private String[] words;
    private int next;

    private ScriptParser(String file) {
        this.file = file;
    }

    /**
     * Reads a script.
     *
     * @param file the name to show in messages and results
     * @param text the text
     * @return the script
     * @throws ScriptException if it is not one
     */
    public static Script parse(String file, String text) {
        ScriptParser parser = new ScriptParser(file);
        for (String each : text.split("\\R", -1)) {
            parser.line++;
            parser.parseLine(each);
        }
        if (parser.steps.isEmpty()) {
            throw parser.error("no operation in this script; expected at least one, such as 'A write 0 1'");
        }
        for (Script.Expectation expectation : parser.expectations) {
            if (expectation.step() >= parser.steps.size()) {
                throw parser.error("#expect names step " + expectation.step() + "; the script has steps 0 to "
                        + (parser.steps.size() - 1));
            }
        }
        return new Script(file, parser.pages, parser.steps, parser.expectations);
    }

    private void parseLine(String text) {
        String trimmed = text.strip();
        if (trimmed.startsWith("#expect")) {
            parseExpectation(trimmed);
        }
        int comment = text.indexOf('#');
        String content = (comment < 0 ? text : text.substring(0, comment)).strip();
        if (content.isEmpty()) {
            return;
        }
        words = content.split("\\s+");
        next = 0;
        if (words[0].equals("pages")) {
            parsePages();
        } else {
            parseStep();
        }
        if (next < words.length) {
            throw error("'" + words[next] + "' is too much; expected the end of the line");
        }
    }

    private void parseExpectation(String text) {
        Matcher matcher = EXPECT.matcher(text);
        if (!matcher.matches()) {
            throw error("'" + text + "'; expected '#expect STEP copy|reuse|quiet|=VALUE: POLICY...'");
        }
        long step = number(matcher.group(1), "a step");
        expectations.add(new Script.Expectation((int) Math.min(step, MAX_STEPS), matcher.group(2),
                Set.copyOf(Arrays.asList(matcher.group(3).split("[,\\s]+")))));
    }

    private void parsePages() {
        next = 1;
        if (pagesSeen || !steps.isEmpty()) {
            throw error("'pages' again; expected it once, before the first operation");
        }
        pagesSeen = true;
        long count = number(word("a number of pages"), "a number of pages");
        if (count < 1 || count > MAX_PAGES) {
            throw error("pages " + count + "; expected 1 to " + MAX_PAGES);
        }
        pages = (int) count;
    }

    private void parseStep() {
        if (steps.size() == MAX_STEPS) {
            throw error("too many operations; expected at most " + MAX_STEPS);
        }
        String process = name("a process");
        if (!processes.contains(process)) {
            throw error("process '" + process + "' does not exist yet; expected one of " + sorted(processes)
                    + ", or 'pages N'");
        }
        Op op = operation();
        int page = 0;
        long value = 0;
        String target = "";
        for (String operand : op.operands().split(" ")) {
            switch (operand) {
                case "G" -> page = page();
                case "V" -> value = number(word("a value"), "a value, an unsigned decimal number");
                case "Q" -> target = name("the name of the child");
                case "X" -> target = reference(op);
                case "ro|rw" -> value = protection();
                default -> { }
            }
        }
        if (op == Op.FORK) {
            processes.add(target);
        }
        steps.add(new Step(line, process, op, page, target, value, expected(op)));
    }

    private Op operation() {
        String word = word("an operation");
        for (Op op : Op.values()) {
            if (op.word().equals(word)) {
                return op;
            }
        }
        throw error("unknown operation '" + word + "'; expected one of "
                + Arrays.stream(Op.values()).map(Op::word).collect(Collectors.joining(", ")));
    }

    private int page() {
        long page = number(word("a page"), "a page");
        if (page < 0 || page >= pages) {
            throw error("page " + page + "; expected 0" + (pages > 1 ? " to " + (pages - 1) : "")
                    + " ('pages " + pages + "' is the area's size)");
        }
        return (int) page;
    }

    private String reference(Op op) {
        String name = name("a pipe or a pin");
        if (op.takesReference()) {
            references.add(name);
        } else if (!references.contains(name)) {
            throw error("'" + name + "' is neither a pipe nor a pin yet; expected "
                    + (references.isEmpty() ? "a splice, pin or pinro before this line"
                            : "one of " + sorted(references)));
        }
        return name;
    }

    private long protection() {
        String word = word("ro or rw");
        return switch (word) {
            case "ro" -> 0;
            case "rw" -> 1;
            default -> throw error("'" + word + "'; expected ro or rw");
        };
    }

    private OptionalLong expected(Op op) {
        if (next == words.length || !words[next].equals("->")) {
            return OptionalLong.empty();
        }
        if (!op.seesValue()) {
            throw error("'->' after " + op.word() + "; expected it only after read and peek");
        }
        next++;
        return OptionalLong.of(number(word("a value"), "a value, an unsigned decimal number"));
    }

    private String name(String what) {
        String word = word(what);
        if (!NAME.matcher(word).matches()) {
            throw error("'" + word + "'; expected " + what + ", a letter and then letters, digits or _");
        }
        return word;
    }

    private String word(String what) {
        if (next == words.length) {
            throw error("the line ends; expected " + what);
        }
        return words[next++];
    }

    private long number(String word, String what) {
        try {
            return Long.parseUnsignedLong(word);
        } catch (NumberFormatException e) {
            throw error("'" + word + "'; expected " + what);
        }
    }

    private static String sorted(Set<String> names) {
        return names.stream().sorted().collect(Collectors.joining(", "));
    }

    private ScriptException error(String problem) {
        return new ScriptException(file, line, problem.replace("\t", " ").strip());
    }
}
