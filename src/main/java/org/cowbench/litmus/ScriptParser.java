package org.cowbench.litmus;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.cowbench.policy.Policy;

/** Reads the script language. */
public final class ScriptParser {
    /** Most pages an area may have. */
    public static final int MAX_PAGES = 65_536;
    /** Most steps a script may have. */
    public static final int MAX_STEPS = 100_000;

    private static final Pattern NAME = Pattern.compile("[A-Za-z][A-Za-z0-9_]*");
    /** What an expectation can name: a script says of a page that comes back from swap what is done to it then. */
    private static final List<WriteKind> EXPECTED =
            List.of(WriteKind.COPY, WriteKind.REUSE, WriteKind.QUIET, WriteKind.NEW);
    private static final String EXPECTED_WORDS =
            EXPECTED.stream().map(WriteKind::toString).collect(Collectors.joining("|"));
    private static final Pattern EXPECT =
            Pattern.compile("#expect\\s+(\\d+)\\s+(" + EXPECTED_WORDS + "|=\\s*\\d+)\\s*:\\s*(\\S.*)");
    private static final String EXPECT_FORM = "'#expect STEP " + EXPECTED_WORDS + "|=VALUE: POLICY...'";
    /** Meant for one, and a comment to whoever takes only the word for it. */
    private static final Pattern NEARLY_EXPECT = Pattern.compile("(?i)#+\\s*expect\\s+\\d.*");
    private static final String LINE_ENDS = "\r\n|\n|\r";
    private static final char BYTE_ORDER_MARK = '\uFEFF';

    private final String file;
    private final List<Step> steps = new ArrayList<>();
    private final List<Script.Expectation> expectations = new ArrayList<>();
    private final List<Condition> conditions = new ArrayList<>();
    private final Set<String> processes = new HashSet<>(Set.of("A"));
    private final Set<String> references = new HashSet<>();
    private int pages = 1;
    private boolean pagesSeen;
    private int line;
    private String[] words;
    private int next;

    /** What must hold at the end; of a reference when the page is -1. */
    private record Condition(int line, String name, int page, long value) {}

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
        boolean marked = !text.isEmpty() && text.charAt(0) == BYTE_ORDER_MARK;
        for (String each : (marked ? text.substring(1) : text).split(LINE_ENDS, -1)) {
            parser.line++;
            parser.parseLine(each);
        }
        if (parser.steps.isEmpty()) {
            throw parser.error("no operation in this script; expected at least one, such as 'A write 0 1'");
        }
        parser.checkExpectations();
        parser.lookAtConditions();
        return new Script(file, parser.pages, parser.steps, parser.expectations);
    }

    /**
     * Reads a script from a file's bytes.
     *
     * @param file the name to show in messages and results
     * @param bytes text in UTF-8, with or without a byte-order mark
     * @return the script
     * @throws ScriptException if it is not one
     */
    public static Script parse(String file, byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        CharBuffer out = CharBuffer.allocate(bytes.length);
        if (StandardCharsets.UTF_8.newDecoder().decode(in, out, true).isError()) {
            long before = new String(bytes, 0, in.position(), StandardCharsets.UTF_8).lines().count();
            throw new ScriptException(file, (int) Math.max(1, before), "not a text file in UTF-8");
        }
        return parse(file, out.flip().toString());
    }

    private void parseLine(String text) {
        int comment = text.indexOf('#');
        if (comment >= 0) {
            parseComment(text.substring(comment).strip());
        }
        String content = (comment < 0 ? text : text.substring(0, comment)).strip();
        if (content.isEmpty()) {
            return;
        }
        words = content.replace("=", " = ").split("\\s+");
        next = 0;
        if (words[0].equals("pages")) {
            parsePages();
        } else if (words.length > 1 && words[1].equals("=") || words.length > 2 && words[2].equals("=")) {
            parseCondition(words[1].equals("="));
        } else {
            parseStep();
        }
        if (next < words.length) {
            throw error("'" + words[next] + "' is too much; expected the end of the line");
        }
    }

    private void parseComment(String text) {
        if (!text.startsWith("#expect") && !NEARLY_EXPECT.matcher(text).matches()) {
            return;
        }
        Matcher matcher = EXPECT.matcher(text);
        if (!matcher.matches()) {
            throw error("'" + text + "'; expected " + EXPECT_FORM);
        }
        long step = number(matcher.group(1), "a step");
        String what = matcher.group(2);
        OptionalLong value = what.startsWith("=")
                ? OptionalLong.of(number(what.substring(1).strip(), "a value of 64 bits")) : OptionalLong.empty();
        WriteKind kind = EXPECTED.stream().filter(each -> each.toString().equals(what)).findFirst().orElse(null);
        Set<String> policies = Set.copyOf(Arrays.asList(matcher.group(3).split("[,\\s]+")));
        for (String policy : policies) {
            if (!policy.equals(Expectations.ALL)) {
                known(policy);
            }
        }
        expectations.add(new Script.Expectation(line, Math.clamp(step, 0, MAX_STEPS), kind, value, policies));
    }

    private void known(String policy) {
        try {
            Policy.of(policy);
        } catch (IllegalArgumentException e) {
            throw error(e.getMessage() + ", or " + Expectations.ALL);
        }
    }

    /** An expectation that no run could meet is a mistake in the script. */
    private void checkExpectations() {
        for (Script.Expectation expectation : expectations) {
            if (expectation.step() >= steps.size()) {
                throw error(expectation.line(), "#expect names step " + expectation.step()
                        + "; the script has steps 0 to " + (steps.size() - 1));
            }
            Step step = steps.get(expectation.step());
            boolean value = expectation.value().isPresent();
            if (value ? !step.op().seesValue() : !step.op().fillsPage()) {
                throw error(expectation.line(), "#expect " + expectation.step() + " " + expectation.what()
                        + ", and step " + expectation.step() + " is '" + step + "'; expected "
                        + (value ? "a read or a peek" : "a write or a dio"));
            }
        }
    }

    private void parseCondition(boolean ofReference) {
        String name = name(ofReference ? "a pipe or a pin" : "a process");
        int page = -1;
        if (ofReference) {
            taken(name);
            if (conditions.stream().anyMatch(each -> each.page() < 0 && each.name().equals(name))) {
                throw error("'" + name + " =' again; expected it once, as looking into a pipe empties it");
            }
        } else {
            existing(name);
            page = page();
        }
        next++;
        conditions.add(new Condition(line, name, page, number(word("a value"), "a value, an unsigned decimal number")));
    }

    /** Final conditions are looked at by reads and peeks after the last operation, in the model and on a kernel alike. */
    private void lookAtConditions() {
        Set<String> living = new LinkedHashSet<>(Set.of("A"));
        for (Step step : steps) {
            if (step.op() == Op.FORK && living.contains(step.process())) {
                living.add(step.target());
            } else if (step.op() == Op.EXIT) {
                living.remove(step.process());
            }
        }
        for (Condition condition : conditions) {
            boolean ofReference = condition.page() < 0;
            if (ofReference ? living.isEmpty() : !living.contains(condition.name())) {
                throw error(condition.line(), ofReference ? "no process is left to look into '" + condition.name() + "'"
                        : "process '" + condition.name() + "' has gone before the end");
            }
            OptionalLong value = OptionalLong.of(condition.value());
            steps.add(ofReference
                    ? new Step(condition.line(), living.iterator().next(), Op.PEEK, 0, condition.name(), 0, value)
                    : new Step(condition.line(), condition.name(), Op.READ, condition.page(), "", 0, value));
        }
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
        if (!conditions.isEmpty()) {
            throw error("an operation after a final condition; expected no more than conditions from line "
                    + conditions.getFirst().line() + " on");
        }
        if (steps.size() == MAX_STEPS) {
            throw error("too many operations; expected at most " + MAX_STEPS);
        }
        String process = name("a process");
        existing(process);
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

    private void existing(String process) {
        if (!processes.contains(process)) {
            throw error("process '" + process + "' does not exist yet; expected one of " + sorted(processes)
                    + ", or 'pages N'");
        }
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
        } else {
            taken(name);
        }
        return name;
    }

    private void taken(String reference) {
        if (!references.contains(reference)) {
            throw error("'" + reference + "' is neither a pipe nor a pin yet; expected "
                    + (references.isEmpty() ? "a splice, pin or pinro before this line"
                            : "one of " + sorted(references)));
        }
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
        return error(line, problem);
    }

    private ScriptException error(int at, String problem) {
        return new ScriptException(file, at, problem.replace("\t", " ").strip());
    }
}
