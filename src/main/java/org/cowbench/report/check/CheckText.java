package org.cowbench.report.check;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.cowbench.check.CheckResult;
import org.cowbench.check.Judgement;
import org.cowbench.check.KnownCase;
import org.cowbench.check.Relative;
import org.cowbench.check.Scope;
import org.cowbench.check.Verdict;
import org.cowbench.check.Violation;
import org.cowbench.litmus.Step;
import org.cowbench.policy.Property;
import org.cowbench.report.text.TextTable;
import org.cowbench.report.text.Wording;

/** What the checker found, for people: a matrix, the counterexamples, and how much was searched. */
public final class CheckText {

    private CheckText() {}

    /**
     * Draws everything.
     *
     * @param found what was judged, all in the same scopes
     * @return ASCII text, each line ended and, but for words that are longer, at most 100 columns wide
     */
    public static String draw(CheckFindings found) {
        List<Judgement> judgements = found.judgements();
        StringBuilder out = new StringBuilder();
        try {
            found.head().lines().forEach(line -> paragraph(out, line));
            out.append('\n');
            matrix(out, found);
            relative(out, found);
            cases(out, judgements);
            notes(out, found);
            Map<String, List<String>> sharers = sharers(judgements);
            for (Judgement judgement : judgements) {
                for (Violation violation : chosen(judgement)) {
                    List<String> policies = Objects.requireNonNull(sharers.get(detail(violation)));
                    if (policies.getFirst().equals(judgement.policy())) {
                        out.append('\n');
                        heading(out, String.join(", ", policies), violation);
                        out.append(detail(violation));
                    }
                }
            }
            closed(out, found);
            further(out, judgements);
            held(out, judgements);
            out.append('\n');
            searches(out, judgements);
        } catch (IOException e) {
            throw new UncheckedIOException("a StringBuilder throws nothing", e);
        }
        return out.toString();
    }

    /**
     * Draws the counterexamples of one policy, one a case, without figures that differ from run to run.
     *
     * @param judgement what was found
     * @return ASCII text, each line ended; empty for a safe policy
     */
    public static String counterexamples(Judgement judgement) {
        StringBuilder out = new StringBuilder();
        try {
            for (Violation violation : chosen(judgement)) {
                out.append(out.isEmpty() ? "" : "\n");
                heading(out, judgement.policy(), violation);
                out.append(detail(violation));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("a StringBuilder throws nothing", e);
        }
        return out.toString();
    }

    // ---- matrix ----

    private static void matrix(Appendable out, CheckFindings found) throws IOException {
        List<String> heads = new ArrayList<>(List.of("<policy"));
        for (Property property : Property.values()) {
            heads.add("<" + property.id());
        }
        heads.add(found.base().isEmpty() ? "needless copies" : "needless");
        boolean folios =
                found.judgements().getFirst().results().getFirst().scope().folio() > 0;
        if (folios) {
            heads.add("holding memory");
        }
        found.base().ifPresent(base -> heads.add("<against " + base));
        TextTable table = new TextTable(heads.toArray(String[]::new));
        for (Judgement judgement : found.judgements()) {
            List<String> cells = new ArrayList<>(List.of(TextTable.ascii(judgement.policy())));
            judgement.verdicts().values().forEach(verdict -> cells.add(cell(verdict)));
            CheckResult first = judgement.results().getFirst();
            cells.add(Long.toString(first.needless()));
            if (folios) {
                cells.add(Long.toString(first.heldForNothing().count()));
            }
            found.relative(judgement).ifPresent(relative -> cells.add(relative.brief()));
            table.row(cells);
        }
        table.print(out);
    }

    /** What each rule would change in the base, by name; the rules that change the same share a line. */
    private static void relative(Appendable out, CheckFindings found) throws IOException {
        Map<String, List<String>> words = new LinkedHashMap<>();
        found.judgements().forEach(judgement -> found.relative(judgement)
                .ifPresent(relative -> words.computeIfAbsent(relative.words(), key -> new ArrayList<>())
                        .add(judgement.policy())));
        if (!words.isEmpty()) {
            out.append('\n');
        }
        words.forEach((text, policies) -> paragraph(out, String.join(", ", policies) + ": " + text));
    }

    /** Counterexamples of a base that is not judged itself, where a rule closes them. */
    private static void closed(StringBuilder out, CheckFindings found) throws IOException {
        if (found.judgements().stream()
                .anyMatch(each -> found.base().filter(each.policy()::equals).isPresent())) {
            return;
        }
        Map<Violation, List<String>> closed = new LinkedHashMap<>();
        found.judgements()
                .forEach(judgement -> found.relative(judgement).map(Relative::closes).orElse(List.of()).stream()
                        .filter(each -> each.violation() != null)
                        .forEach(each -> closed.computeIfAbsent(each.violation(), key -> new ArrayList<>())
                                .add(judgement.policy())));
        for (Map.Entry<Violation, List<String>> each : closed.entrySet()) {
            out.append('\n');
            heading(
                    out,
                    found.base().orElseThrow() + ", closed by " + String.join(", ", each.getValue()),
                    each.getKey());
            out.append(detail(each.getKey()));
        }
    }

    private static String cell(Verdict verdict) {
        return verdict instanceof Verdict.NotJudged ? "-" : verdict.word() + (environment(verdict) ? " (env)" : "");
    }

    /** Whether only moves of the environment show it. */
    private static boolean environment(Verdict verdict) {
        return verdict instanceof Verdict.Unsafe unsafe
                && unsafe.violations().stream()
                        .noneMatch(each -> each.environment().isEmpty());
    }

    /** Of each scope what it came to for each policy. */
    private static List<List<CheckResult>> byScope(List<Judgement> judgements) {
        return IntStream.range(0, judgements.getFirst().results().size())
                .mapToObj(scope -> judgements.stream()
                        .map(each -> each.results().get(scope))
                        .toList())
                .toList();
    }

    private static void notes(Appendable out, CheckFindings found) throws IOException {
        List<Judgement> judgements = found.judgements();
        out.append('\n');
        List<String> closed = new ArrayList<>();
        List<String> bounded = new ArrayList<>();
        for (List<CheckResult> results : byScope(judgements)) {
            String title = results.getFirst().scope().title();
            if (results.stream().allMatch(CheckResult::complete)) {
                closed.add(title);
            } else {
                bounded.add(title + " to depth "
                        + results.stream()
                                .filter(each -> !each.complete())
                                .mapToInt(CheckResult::depth)
                                .min()
                                .orElseThrow());
            }
        }
        String more = bounded.isEmpty()
                ? ""
                : "; nor does a path in " + String.join(", nor in ", bounded) + " (longer paths there were not tried)";
        if (any(judgements, Verdict.Safe.class::isInstance)) {
            TextTable.paragraph(
                    out,
                    "safe: no reachable state violates it"
                            + (closed.isEmpty() ? "" : " in " + String.join(", nor in ", closed))
                            + " (every path, to the fixpoint)" + more + ".");
        }
        if (any(judgements, Verdict.SafeWithin.class::isInstance)) {
            TextTable.paragraph(
                    out,
                    "within N: no path of up to N moves violates it"
                            + (bounded.isEmpty() ? "" : " in " + String.join(", nor in ", bounded))
                            + "; longer paths were not tried.");
        }
        judgements.stream()
                .flatMap(each -> each.verdicts().entrySet().stream())
                .filter(entry -> entry.getValue() instanceof Verdict.NotJudged)
                .collect(Collectors.groupingBy(
                        entry -> ((Verdict.NotJudged) entry.getValue()).missing(),
                        LinkedHashMap::new,
                        Collectors.mapping(entry -> entry.getKey().id(), Collectors.toCollection(LinkedHashSet::new))))
                .forEach((missing, properties) -> paragraph(
                        out,
                        "-: not judged, as no path here can violate " + String.join(" or ", properties) + ": " + missing
                                + "."));
        if (any(judgements, CheckText::environment)) {
            TextTable.paragraph(out, "UNSAFE (env): only with a move of the environment, which no script can make.");
        }
        TextTable.paragraph(
                out,
                "needless" + (found.base().isEmpty() ? " copies" : "")
                        + ": distinct reachable faults that copy although nobody else could see the page, in "
                        + judgements.getFirst().results().getFirst().scope().title() + "; a cost, not a fault.");
        if (judgements.getFirst().results().getFirst().scope().folio() > 0) {
            TextTable.paragraph(
                    out,
                    "holding memory: such faults whose copy leaves a page of the folio to nobody, while "
                            + "others keep the folio, so that its memory is held for nothing; a cost as well.");
        }
        judgements.stream()
                .flatMap(each -> each.results().stream())
                .filter(each -> each.ending().early())
                .forEach(each -> paragraph(
                        out,
                        "Stopped early: " + each.policy() + ", " + each.scope().title() + ": " + each.stopped() + "."));
    }

    /** What the words of the matrix stand for, by the names people know. */
    private static void cases(Appendable out, List<Judgement> judgements) throws IOException {
        Map<KnownCase, Set<String>> cases = new EnumMap<>(KnownCase.class);
        judgements.forEach(judgement -> judgement.violations().forEach(violation -> cases.computeIfAbsent(
                        KnownCase.of(violation), key -> new LinkedHashSet<>())
                .add(judgement.policy())));
        List<String> lines = Wording.cases(cases);
        if (!lines.isEmpty()) {
            out.append('\n');
        }
        for (String line : lines) {
            paragraph(out, line);
        }
    }

    private static boolean any(List<Judgement> judgements, Predicate<Verdict> which) {
        return judgements.stream()
                .flatMap(each -> each.verdicts().values().stream())
                .anyMatch(which);
    }

    private static void paragraph(Appendable out, String text) {
        try {
            TextTable.paragraph(out, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    // ---- counterexamples ----

    /** Of the violations of a property that are the same case the shortest. */
    private static List<Violation> chosen(Judgement judgement) {
        Map<String, Violation> chosen = new LinkedHashMap<>();
        for (Violation violation : judgement.violations()) {
            chosen.putIfAbsent(violation.property() + " " + KnownCase.of(violation), violation);
        }
        return List.copyOf(chosen.values());
    }

    private static void further(Appendable out, List<Judgement> judgements) throws IOException {
        int further = judgements.stream()
                .mapToInt(each -> each.violations().size() - chosen(each).size())
                .sum();
        if (further > 0) {
            out.append('\n');
            TextTable.paragraph(
                    out,
                    "The same cases by another decision, or shown by something else: " + further
                            + " more, see --format json.");
        }
    }

    /** How a copy comes to hold memory for nothing, where one does; policies that get there in the same way together. */
    private static void held(Appendable out, List<Judgement> judgements) throws IOException {
        Map<String, List<String>> examples = new LinkedHashMap<>();
        for (Judgement judgement : judgements) {
            CheckResult first = judgement.results().getFirst();
            if (first.heldForNothing().example() != null) {
                examples.computeIfAbsent(first.heldForNothing().example().text(), key -> new ArrayList<>())
                        .add(judgement.policy() + " (at most " + first.mostHeld() + " of " + Scope.FOLIO_PAGES
                                + " pages)");
            }
        }
        for (Map.Entry<String, List<String>> example : examples.entrySet()) {
            out.append('\n');
            TextTable.paragraph(
                    out,
                    String.join(", ", example.getValue())
                            + ": the last step's copy leaves memory that is held for nothing. Shortest:");
            for (String line : example.getKey().lines().toList()) {
                out.append("    ").append(line).append('\n');
            }
        }
    }

    private static Map<String, List<String>> sharers(List<Judgement> judgements) {
        Map<String, List<String>> sharers = new HashMap<>();
        for (Judgement judgement : judgements) {
            for (Violation violation : chosen(judgement)) {
                sharers.computeIfAbsent(detail(violation), key -> new ArrayList<>())
                        .add(judgement.policy());
            }
        }
        return sharers;
    }

    private static void heading(Appendable out, String policies, Violation violation) throws IOException {
        TextTable.paragraph(
                out,
                policies + ": " + violation.property().id() + ", shown by "
                        + switch (violation.shownBy()) {
                            case MEMORY -> "memory";
                            case BOOKKEEPING -> "the counts";
                            case PIPE -> "a pipe";
                            case PIN -> "a pin";
                        });
    }

    private static String detail(Violation violation) {
        StringBuilder out = new StringBuilder();
        KnownCase known = KnownCase.of(violation);
        String why = known == KnownCase.UNNAMED
                ? "the last move's decision: " + violation.cause().text() + "."
                : known.why();
        paragraph(out, capital(known.title() + ": " + why));
        if (!violation.message().isEmpty()) {
            paragraph(out, "Bookkeeping: " + violation.message());
        }
        paragraph(
                out,
                (violation.shortest()
                                ? "Shortest: " + moves(violation) + "; every earlier depth was exhausted in "
                                : moves(violation) + ", found in ")
                        + violation.scope().title() + ".");
        if (violation.scriptShowsIt()) {
            violation.script().text().lines().forEach(line -> out.append("    ")
                    .append(line)
                    .append('\n'));
        } else {
            paragraph(
                    out,
                    violation.environment().isEmpty()
                            ? "No script can show it: counts and locks are not visible to a process."
                            : "No script can show it: the environment's moves, in brackets below, are not in the"
                                    + " language.");
        }
        steps(out, violation);
        return out.toString();
    }

    private static String moves(Violation violation) {
        return violation.moves() + (violation.moves() == 1 ? " move" : " moves");
    }

    private static String capital(String text) {
        return text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1);
    }

    /** A column a process, a row a step. */
    private static void steps(StringBuilder out, Violation violation) {
        List<String> processes = violation.script().processes();
        List<Step> steps = violation.script().steps();
        int[] widths = processes.stream().mapToInt(String::length).toArray();
        List<String[]> rows = new ArrayList<>();
        int next = 0;
        for (int step = 0; step <= steps.size(); step++) {
            while (next < violation.environment().size()
                    && violation.environment().get(next).before() == step) {
                rows.add(new String[] {"[" + violation.environment().get(next++).text() + "]"});
            }
            if (step < steps.size()) {
                String[] row = new String[processes.size() + 1];
                Arrays.fill(row, "");
                row[0] = Integer.toString(step);
                int column = processes.indexOf(steps.get(step).process());
                String text = steps.get(step).text();
                String did = violation.did().get(step).text();
                row[column + 1] = text.substring(text.indexOf(' ') + 1) + (did.isEmpty() ? "" : ": " + did);
                widths[column] = Math.max(widths[column], row[column + 1].length());
                rows.add(row);
            }
        }
        StringBuilder head = new StringBuilder("  ");
        for (int column = 0; column < widths.length; column++) {
            head.append("  ")
                    .append(processes.get(column))
                    .repeat(' ', widths[column] - processes.get(column).length());
        }
        out.append('\n').append(head.toString().stripTrailing()).append('\n');
        for (String[] row : rows) {
            StringBuilder line = new StringBuilder();
            if (row.length == 1) {
                line.append("    ").append(row[0]);
            } else {
                line.repeat(' ', 2 - row[0].length()).append(row[0]);
                for (int column = 0; column < widths.length; column++) {
                    line.append("  ").append(row[column + 1]).repeat(' ', widths[column] - row[column + 1].length());
                }
            }
            out.append(line.toString().stripTrailing()).append('\n');
        }
    }

    // ---- figures ----

    private static void searches(Appendable out, List<Judgement> judgements) throws IOException {
        TextTable table = new TextTable(
                "<procs x pages",
                "refs",
                "env",
                "states",
                "transitions",
                "depth",
                "<end",
                "P(collision)",
                "seconds",
                "per second");
        for (List<CheckResult> results : byScope(judgements)) {
            double seconds = results.stream().mapToDouble(CheckResult::seconds).sum();
            long transitions =
                    results.stream().mapToLong(CheckResult::transitions).sum();
            Scope title = results.getFirst().scope();
            table.row(List.of(
                    title.processes() + " x "
                            + (title.folio() > 0 ? "folio " + title.folio() : Integer.toString(title.pages()))
                            + (title.symmetry() ? "" : ", no symmetry"),
                    Integer.toString(title.references()),
                    Integer.toString(title.environment()),
                    Long.toString(
                            results.stream().mapToLong(CheckResult::states).sum()),
                    Long.toString(transitions),
                    Integer.toString(
                            results.stream().mapToInt(CheckResult::depth).max().orElseThrow()),
                    results.stream().anyMatch(each -> each.ending().early())
                            ? "stopped"
                            : results.stream().allMatch(CheckResult::complete) ? "fixpoint" : "bound",
                    String.format(
                            Locale.ROOT,
                            "%.0e",
                            results.stream()
                                    .mapToDouble(CheckResult::collisionProbability)
                                    .sum()),
                    String.format(Locale.ROOT, "%.1f", seconds),
                    String.format(Locale.ROOT, "%.0f", seconds > 0 ? transitions / seconds : 0)));
        }
        table.print(out);
        TextTable.paragraph(
                out,
                "Sums over the policies. states: up to renaming; P(collision): bound on the probability that two"
                        + " states shared a 64-bit fingerprint, so that one was taken for seen; after a violation of"
                        + " isolation or bookkeeping a path is not continued.");
        long cut = judgements.stream()
                .flatMap(each -> each.results().stream())
                .mapToLong(CheckResult::outOfFrames)
                .sum();
        if (cut > 0) {
            TextTable.paragraph(out, cut + " moves were not made because no frame was free.");
        }
    }
}
