package org.cowbench.litmus;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.cowbench.policy.Policy;
import org.jspecify.annotations.Nullable;

/** Reads the script language. */
public final class ScriptParser {
    /** Most pages an area may have. */
    public static final int MAX_PAGES = 65_536;
    /** Most steps a script may have. */
    public static final int MAX_STEPS = 100_000;
    /** The sizes of a large folio in KiB. */
    public static final List<Integer> FOLIOS = List.of(16, 32, 64, 128, 256, 512, 1024, 2048);

    private static final Pattern NAME = Pattern.compile("[A-Za-z][A-Za-z0-9_]*");
    /** What an expectation can name: a script says of a page that comes back from swap what is done to it then. */
    private static final List<WriteKind> EXPECTED =
            List.of(WriteKind.COPY, WriteKind.REUSE, WriteKind.QUIET, WriteKind.NEW);

    private static final String EXPECTED_WORDS =
            EXPECTED.stream().map(WriteKind::toString).collect(Collectors.joining("|"));
    private static final Pattern EXPECT =
            Pattern.compile("#expect\\s+(\\d+)\\s+(" + EXPECTED_WORDS + "|([a-z]*)\\s*=\\s*(\\d+))\\s*:\\s*(\\S.*)");
    private static final String EXPECT_FORM = "'#expect STEP " + EXPECTED_WORDS + "|=VALUE|COUNTER=NUMBER: POLICY...'";
    /** Meant for one, and a comment to whoever takes only the word for it. */
    private static final Pattern NEARLY_EXPECT = Pattern.compile("(?i)#+\\s*expect\\s+\\d.*");

    private static final String SWAP = "swap";
    private static final String COUNT = "count";
    private static final String LINE_ENDS = "\r\n|\n|\r";
    private static final char BYTE_ORDER_MARK = '\uFEFF';

    private final String file;
    private final List<Step> steps = new ArrayList<>();
    private final List<Script.Expectation> expectations = new ArrayList<>();
    private final List<Condition> conditions = new ArrayList<>();
    private final Set<String> processes = new HashSet<>(Set.of("A"));
    /** Every pipe and pin, with the pages it may have. */
    private final Map<String, BitSet> references = new HashMap<>();

    private int folio;
    private int pages = 1;
    private boolean sizeSeen;
    private @Nullable SwapDevice swap;
    private final Set<StepCounter> counters = EnumSet.noneOf(StepCounter.class);
    private int line;
    private String[] words = {};
    private int next;

    /** What must hold at the end, as the read or the peek that looks at it; who peeks is not known yet. */
    private record Condition(Step look) {
        boolean ofReference() {
            return look.op() == Op.PEEK;
        }
    }

    /** The pages that an operand names. */
    private record Range(int first, int last) {}

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
        return new Script(
                file, parser.folio, parser.pages, parser.swap, parser.counters, parser.steps, parser.expectations);
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
            long before = new String(bytes, 0, in.position(), StandardCharsets.UTF_8)
                    .lines()
                    .count();
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
        if (words[0].equals("pages") || words[0].equals("folio")) {
            parseSize();
        } else if (words[0].equals(SWAP) && !processes.contains(SWAP)) {
            parseDevice();
        } else if (words[0].equals(COUNT) && !processes.contains(COUNT)) {
            parseCounters();
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
        OptionalLong value = matcher.group(4) == null
                ? OptionalLong.empty()
                : OptionalLong.of(number(matcher.group(4), "a value of 64 bits"));
        StepCounter counter = matcher.group(3) == null || matcher.group(3).isEmpty() ? null : counter(matcher.group(3));
        WriteKind kind = EXPECTED.stream()
                .filter(each -> each.toString().equals(what))
                .findFirst()
                .orElse(null);
        Set<String> policies = Set.copyOf(Arrays.asList(matcher.group(5).split("[,\\s]+")));
        for (String policy : policies) {
            if (!policy.equals(Expectations.ALL)) {
                known(policy);
            }
        }
        expectations.add(new Script.Expectation(line, Math.clamp(step, 0, MAX_STEPS), kind, counter, value, policies));
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
                throw error(
                        expectation.line(),
                        "#expect names step " + expectation.step() + "; the script has steps 0 to "
                                + (steps.size() - 1));
            }
            Step step = steps.get(expectation.step());
            if (expectation.counter() != null) {
                String problem = StepCounts.problem(expectation, expectation.counter(), counters, step);
                if (problem != null) {
                    throw error(expectation.line(), problem);
                }
                continue;
            }
            boolean value = expectation.value().isPresent();
            if (value ? !step.op().seesValue() : !step.op().fillsPage()) {
                throw error(
                        expectation.line(),
                        "#expect " + expectation.step() + " " + expectation.what()
                                + ", and step " + expectation.step() + " is '" + step + "'; expected "
                                + (value ? "a read or a peek" : "a write or a dio"));
            }
        }
    }

    private void parseCondition(boolean ofReference) {
        Step look;
        if (ofReference) {
            look = held(new Step(line, "", Op.PEEK, 0, "", 0, OptionalLong.empty()));
            String name = look.target();
            if (conditions.stream()
                    .map(Condition::look)
                    .anyMatch(each -> each.target().equals(name) && each.part() == look.part())) {
                throw error("'" + name + " =' again; expected it once, as looking into a pipe empties it");
            }
        } else {
            String name = name("a process");
            existing(name);
            Range range = range(Op.READ);
            look = new Step(line, name, Op.READ, 0, "", 0, OptionalLong.empty()).on(range.first(), range.last());
        }
        next++;
        conditions.add(new Condition(
                look.with(0, OptionalLong.of(number(word("a value"), "a value, an unsigned decimal number")))));
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
            Step look = condition.look();
            if (condition.ofReference() ? living.isEmpty() : !living.contains(look.process())) {
                throw error(
                        look.line(),
                        condition.ofReference()
                                ? "no process is left to look into '" + look.target() + "'"
                                : "process '" + look.process() + "' has gone before the end");
            }
            steps.add(condition.ofReference() ? look.by(living.iterator().next()) : look);
        }
    }

    private void parseSize() {
        String header = words[0];
        next = 1;
        if (sizeSeen || !steps.isEmpty()) {
            throw error("'" + header + "' again; expected one 'pages' or 'folio', before the first operation");
        }
        sizeSeen = true;
        if (header.equals("folio")) {
            parseFolio();
            return;
        }
        long count = number(word("a number of pages"), "a number of pages");
        if (count < 1 || count > MAX_PAGES) {
            throw error("pages " + count + "; expected 1 to " + MAX_PAGES);
        }
        pages = (int) count;
    }

    private void parseDevice() {
        next++;
        if (swap != null || !steps.isEmpty()) {
            throw error("'swap' again; expected one before the first operation");
        }
        String word = word("a swap device: " + SwapDevice.WORDS);
        swap = SwapDevice.of(word).orElseThrow(() -> error("'swap " + word + "'; expected one of " + SwapDevice.WORDS));
    }

    private void parseCounters() {
        next++;
        if (!counters.isEmpty() || !steps.isEmpty()) {
            throw error("'count' again; expected one before the first operation");
        }
        do {
            StepCounter counter = counter(word("a counter: " + StepCounter.WORDS));
            if (!counters.add(counter)) {
                throw error("'" + counter + "' twice; expected each counter once");
            }
        } while (next < words.length);
    }

    private StepCounter counter(String word) {
        return StepCounter.of(word)
                .orElseThrow(() -> error("no counter '" + word + "'; expected one of " + StepCounter.WORDS));
    }

    private void parseFolio() {
        String word = word("the size of a folio in KiB");
        long size = number(word, "the size of a folio in KiB");
        if (!FOLIOS.stream().map(String::valueOf).toList().contains(word)) {
            throw error("folio " + size + "; no kernel has folios of that size, expected one of "
                    + FOLIOS.stream().map(String::valueOf).collect(Collectors.joining(", ")) + " (KiB)");
        }
        folio = (int) size;
        pages = Script.pagesOf(folio);
    }

    private void parseStep() {
        if (!conditions.isEmpty()) {
            throw error("an operation after a final condition; expected no more than conditions from line "
                    + conditions.getFirst().look().line() + " on");
        }
        if (steps.size() == MAX_STEPS) {
            throw error("too many operations; expected at most " + MAX_STEPS);
        }
        String process = name("a process");
        existing(process);
        Op op = operation();
        Step step = new Step(line, process, op, 0, "", 0, OptionalLong.empty());
        for (String operand : op.operands().split(" ")) {
            switch (operand) {
                case "G" -> {
                    Range range = range(op);
                    step = step.on(range.first(), range.last());
                }
                case "V" ->
                    step = step.with(number(word("a value"), "a value, an unsigned decimal number"), step.expected());
                case "Q" -> step = step.naming(name("the name of the child"));
                case "X" -> step = op.takesReference() ? taking(step) : held(step);
                case "ro|rw" -> step = step.with(protection(), step.expected());
                default -> {}
            }
        }
        if (op == Op.FORK) {
            processes.add(step.target());
        }
        steps.add(step.with(step.value(), expected(op)));
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
                String misplaced = op.misplaced(folio > 0);
                if (misplaced != null) {
                    throw error("'" + word + "' " + misplaced);
                }
                return op;
            }
        }
        throw error("unknown operation '" + word + "'; expected one of "
                + Arrays.stream(Op.values()).map(Op::word).collect(Collectors.joining(", ")));
    }

    /** A page, and in a script of one large folio also {@code I-J} or {@code all}. */
    private Range range(Op op) {
        String word = word("a page");
        int dash = word.indexOf('-', 1);
        boolean all = word.equals("all");
        if (!all && dash < 0) {
            int page = page(word);
            return new Range(page, page);
        }
        if (folio == 0 || !op.takesRange()) {
            throw error("'" + word + "'; expected one page"
                    + (folio == 0
                            ? ", as only a script of one large folio ('folio K') names several"
                            : ", as " + op.word() + " takes no more"));
        }
        if (all) {
            return new Range(0, pages - 1);
        }
        Range range = new Range(page(word.substring(0, dash)), page(word.substring(dash + 1)));
        if (range.last() < range.first()) {
            throw error("pages " + word + "; expected the first one first");
        }
        return range;
    }

    private int page(String word) {
        long page = number(word, "a page");
        if (page < 0 || page >= pages) {
            throw error("page " + Long.toUnsignedString(page) + "; expected 0" + (pages > 1 ? " to " + (pages - 1) : "")
                    + " ('" + (folio > 0 ? "folio " + folio : "pages " + pages) + "' is the area's size)");
        }
        return (int) page;
    }

    private Step taking(Step step) {
        Step taking = step.naming(name("a pipe or a pin"));
        references.computeIfAbsent(taking.target(), _ -> new BitSet()).set(step.page(), step.last() + 1);
        return taking;
    }

    /** A pipe or a pin; of one that has several pages, {@code X.9} is page 9. */
    private Step held(Step step) {
        String word = next < words.length ? words[next] : "";
        int dot = word.indexOf('.');
        if (dot < 0) {
            return step.naming(taken());
        }
        words[next] = word.substring(0, dot);
        String name = taken();
        if (folio == 0 || step.op() == Op.UNPIN) {
            throw error("'" + word + "'; expected '" + name + "', "
                    + (folio == 0
                            ? "as only in a script of one large folio ('folio K') it has several pages"
                            : "as a pin goes with all its pages"));
        }
        int page = page(word.substring(dot + 1));
        BitSet those = Objects.requireNonNull(references.get(name));
        if (!those.get(page)) {
            throw error(
                    "'" + word + "'; page " + page + " is not among those that " + name + " was taken of: " + those);
        }
        return step.naming(name).of(page);
    }

    private String taken() {
        String reference = name("a pipe or a pin");
        if (!references.containsKey(reference)) {
            throw error("'" + reference + "' is neither a pipe nor a pin yet; expected "
                    + (references.isEmpty()
                            ? "a splice, pin or pinro before this line"
                            : "one of " + sorted(references.keySet())));
        }
        return reference;
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
