package org.cowbench.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.cowbench.check.Checker;
import org.cowbench.check.Checkpoint;
import org.cowbench.check.CheckpointException;
import org.cowbench.check.Ending;
import org.cowbench.check.Judgement;
import org.cowbench.check.KnownCase;
import org.cowbench.check.Move;
import org.cowbench.check.Relative;
import org.cowbench.check.Scope;
import org.cowbench.cli.option.Home;
import org.cowbench.cli.option.MemoryOption;
import org.cowbench.cli.option.PolicyConverter;
import org.cowbench.cli.option.RuleOption;
import org.cowbench.cli.option.ShardOption;
import org.cowbench.policy.Policy;
import org.cowbench.policy.ReusePolicy;
import org.cowbench.policy.ReusePolicy.LargeFolios;
import org.cowbench.report.check.CheckFindings;
import org.cowbench.report.check.CheckHead;
import org.cowbench.report.check.CheckJson;
import org.cowbench.report.check.CheckKtap;
import org.cowbench.report.check.CheckParts;
import org.cowbench.report.check.CheckText;
import org.cowbench.result.ResultStorageException;
import org.cowbench.result.ResultWriter;
import org.cowbench.result.Revision;
import org.cowbench.result.Shard;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code check}: every operation sequence of a small scope. */
@Command(
        name = "check",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Proves or refutes each policy over every state of a small scope, with shortest counterexamples.",
            "Without scope options: two processes with one page to the fixpoint, then three with one page and two with "
                    + "two to a depth, with two references and the adversary's moves. An option of the scope replaces "
                    + "these by one scope: what is not given is 2 processes, 1 page, 1 reference, no adversary, any "
                    + "depth.",
            "Verdicts are relative to a kernel too: what a rule would add to its violations, and what it would close,"
                + " by case. That is --base; else what --rule is built on; else v7.3. With --base the exit status is"
                + " relative as well, and without --checkpoint the base is searched too."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  ./run-bench.sh check --policy wilcox,v5.19",
            "  ./run-bench.sh check --rule 'mapcount == 1 && ref == 1 + swapcache'",
            "  ./run-bench.sh check --rule 'exclusive || mapcount + swapcount == 1' --base v7.3   what would it add to"
                    + " v7.3?",
            "  ./run-bench.sh check --policy v5.9 --procs 3 --ops write,pageout,fork,splice",
            "  ./run-bench.sh check --policy v6.15 --folio 16",
            "  ./run-bench.sh check --format json --policy wilcox |",
            "    jq -r '.policies[0].violations[0].script' |",
            "    ./run-bench.sh litmus --policy wilcox -",
            "",
            "Every night, for minutes a policy: two references, and each move of the adversary, to the fixpoint:",
            "  ./run-bench.sh check --policy v5.19 --refs 2",
            "  ./run-bench.sh check --policy v5.19 --env 1",
            "",
            "For hours: a state takes about 20 bytes, and the same command goes on after whatever ended it:",
            "  JAVA_TOOL_OPTIONS=-Xmx20g ./run-bench.sh check --policy v5.19 --procs 3 --refs 2 \\",
            "    --memory 16000 --checkpoint v5.19.checkpoint --require-fixpoint",
            "",
            "Exit status: 0 nothing found; 1 a policy violates a property, with --base one that the base does not"
                + " violate, or by another case; 2 usage; 3 the checkpoint cannot be written; 4 under"
                + " --require-fixpoint: nothing found, but not everything was searched; 130 or 143 interrupted, after"
                + " printing what was found and how far it came."
        })
public final class CheckCommand implements Callable<Integer> {
    private static final int MOST_THREADS = 256;

    /** How findings are printed. */
    public enum Format {
        /** Matrix, scripts and step tables. */
        text,
        /** KTAP version 1. */
        ktap,
        /** One JSON object. */
        json
    }

    @Option(
            names = "--policy",
            split = ",",
            paramLabel = "P",
            converter = PolicyConverter.class,
            description = "Policies to judge; see 'list'. Default: all, or with --rule none but that.")
    private @Nullable List<Policy> policies;

    @Mixin
    private RuleOption rule = RuleOption.orBaseAlone();

    @Option(names = "--procs", paramLabel = "N", description = "Most processes that live at once, 1 to 4.")
    private @Nullable Integer procs;

    @Option(names = "--pages", paramLabel = "N", description = "Pages of the area, 1 to 3.")
    private @Nullable Integer pages;

    @Option(
            names = "--folio",
            paramLabel = "KIB",
            description =
                    "Explore one large folio instead of base pages: 16 (four pages), or 2048 (four pages that stand"
                        + " for 512 and that a PMD entry maps). Without other options of the scope: two processes to"
                        + " the fixpoint with the moves that no reference takes part in, then all moves with a"
                        + " reference, and with a third process, to a depth.")
    private @Nullable Integer folio;

    @Option(names = "--refs", paramLabel = "N", description = "Most pipes and pins held at once, 0 to 3.")
    private @Nullable Integer refs;

    @Option(
            names = "--env",
            paramLabel = "N",
            description =
                    "Most moves of the adversary, which reports call the environment, in force at once, 0 to 2: page "
                            + "locked, passing reference, other CPU, device stalled, swap filled.")
    private @Nullable Integer env;

    @Option(names = "--depth", paramLabel = "N", description = "Most moves in a path, 1 to 250.")
    private @Nullable Integer depth;

    @Option(
            names = "--ops",
            split = ",",
            paramLabel = "WORD",
            description =
                    "The only operations to make; the script language's words, or lock, get, migrate, stall, fill."
                            + " A property that they cannot violate is not judged.")
    private @Nullable List<String> ops;

    @Option(
            names = "--threads",
            paramLabel = "N",
            description = "Workers, 1 to " + MOST_THREADS + ". Default: one a CPU.")
    private @Nullable Integer threads;

    @Mixin
    private MemoryOption memory;

    @Option(
            names = "--require-fixpoint",
            description =
                    "End with status 4 where no violation was found but a property is only judged up to a depth, or a "
                            + "search stopped early.")
    private boolean requireFixpoint;

    @Option(
            names = "--checkpoint",
            paramLabel = "FILE",
            description =
                    "Write to FILE, 16 bytes a state, how far the search has come, and go on from there if FILE holds"
                        + " the same search by the same commit. Needs one search: one policy or rule, and an option of"
                        + " the scope.")
    private @Nullable Path checkpointFile;

    @Mixin
    private ShardOption.ToFile shards;

    @Option(
            names = "--no-symmetry",
            description = "Take states that differ only by the names of processes and pages for different ones.")
    private boolean noSymmetry;

    @Option(
            names = "--format",
            defaultValue = "text",
            paramLabel = "text|ktap|json",
            description = "text: for people; ktap: for kernel test tooling; json: for programs. Default: "
                    + "${DEFAULT-VALUE}.")
    private Format format;

    @Spec
    private CommandSpec spec;

    /** Made by the command line. */
    public CheckCommand() {}

    @Override
    public Integer call() {
        PrintWriter err = spec.commandLine().getErr();
        Map<String, ReusePolicy> judged = rule.addTo(policies == null ? List.of() : policies);
        if (judged.isEmpty()) {
            judged = rule.addTo(Policy.shipped().stream()
                    .filter(policy -> hasFolios(policy.rule()))
                    .toList());
        }
        Policy base = rule.given().orElse(rule.text() == null ? Relative.NEWEST : rule.base());
        List<String> all = List.copyOf(judged.keySet());
        Shard shard = shards.shard(all.size(), "policies");
        if (shard != null && checkpointFile != null) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--checkpoint keeps one search and --shard deals many: leave one of the two out");
        }
        Map<String, ReusePolicy> searched = searched(judged);
        if (shard != null) {
            List<String> mine = shard.deal(all);
            // With the base, if the whole check searches it: what a policy adds must not depend on where it is judged.
            searched.keySet().removeIf(id -> !mine.contains(id) && !id.equals(base.id()));
            judged = new LinkedHashMap<>(judged);
            judged.keySet().retainAll(mine);
        }
        searched.forEach((id, policy) -> {
            if (!hasFolios(policy)) {
                throw new ParameterException(
                        spec.commandLine(),
                        "--folio " + folio + ": " + id + " has no folios of that size; give --folio " + Scope.THP);
            }
        });
        Checker checker = new Checker(scopes(), threads(), memory.bytes(err));
        CheckHead head = new CheckHead(
                Main.Version.number(),
                Revision.of(Home.path()),
                rule.text(),
                rule.text() == null ? null : rule.base().id());
        List<Judgement> judgements = new ArrayList<>();
        CheckFindings findings;
        // Until all is printed: a signal waits for it.
        try (Interruption interruption = Interruption.listen();
                Checkpoint checkpoint = checkpoint(checker, searched.keySet(), head, err)) {
            CheckProgress progress = new CheckProgress(err, ProgressLine.onTerminal(System.getenv()), searched.size());
            Iterator<Map.Entry<String, ReusePolicy>> policies =
                    searched.entrySet().iterator();
            while (policies.hasNext() && !(interruption.getAsBoolean() && !judgements.isEmpty())) {
                Map.Entry<String, ReusePolicy> policy = policies.next();
                progress.starting(policy.getKey());
                Judgement judgement =
                        checker.judge(policy.getKey(), policy.getValue(), progress, interruption, checkpoint);
                judgements.add(judgement);
                progress.finished(judgement);
            }
            findings = findings(head, judged, searched, judgements, base);
            print(findings, judgements, err);
        } catch (IOException e) {
            throw new ResultStorageException(
                    "cannot close the checkpoint " + checkpointFile + ": " + ResultWriter.reason(e), e);
        }
        if (Interruption.happened()) {
            err.println("cowbench: interrupted; judged so far: " + judgements.size() + " of " + searched.size()
                    + (checkpointFile == null
                            ? "; a single search goes on another time with --checkpoint FILE"
                            : "; the same command goes on from " + checkpointFile));
            err.flush();
            return ExitStatus.INTERRUPTED;
        }
        int status = status(findings);
        if (shard != null) {
            shards.write(CheckParts.write(findings, shard, shards.arguments(), all, status));
        }
        return status;
    }

    /** What is searched: the policies to judge, and before them the base that was asked for. */
    private Map<String, ReusePolicy> searched(Map<String, ReusePolicy> judged) {
        if (rule.given().isEmpty() || checkpointFile != null) {
            return new LinkedHashMap<>(judged);
        }
        Map<String, ReusePolicy> all = new LinkedHashMap<>();
        rule.given().filter(base -> !judged.containsKey(base.id())).ifPresent(base -> all.put(base.id(), base.rule()));
        all.putAll(judged);
        return all;
    }

    /** The judgements, each with what it is relative to the base where that is known. */
    private CheckFindings findings(
            CheckHead head,
            Map<String, ReusePolicy> judged,
            Map<String, ReusePolicy> searched,
            List<Judgement> judgements,
            Policy base) {
        Optional<Judgement> bases = judgements.stream()
                .filter(each -> each.policy().equals(base.id()))
                .findFirst();
        Map<String, Relative> relatives = new HashMap<>();
        for (Judgement each : judgements) {
            if (bases.isPresent()) {
                relatives.put(
                        each.policy(),
                        Relative.of(
                                each, Objects.requireNonNull(searched.get(each.policy())), bases.get(), base.rule()));
            } else if (standard()) {
                relatives.put(each.policy(), Relative.declared(KnownCase.of(each), base));
            }
        }
        return new CheckFindings(
                head,
                judgements.stream()
                        .filter(each -> judged.containsKey(each.policy()))
                        .toList(),
                relatives,
                rule.given().isPresent() && bases.isPresent());
    }

    private void print(CheckFindings found, List<Judgement> judgements, PrintWriter err) {
        PrintWriter out = spec.commandLine().getOut();
        out.print(
                switch (format) {
                    case text -> CheckText.draw(found);
                    case ktap -> CheckKtap.write(found);
                    case json -> CheckJson.write(found);
                });
        out.flush();
        judgements.stream()
                .flatMap(each -> each.results().stream())
                .filter(each -> each.ending().early())
                .forEach(each -> err.println(
                        "warning: " + each.policy() + ", " + each.scope().title() + ": " + each.stopped()));
        err.flush();
    }

    private int status(CheckFindings found) {
        List<Judgement> judgements = found.judgements();
        if (judgements.stream().anyMatch(found::fails)) {
            return ExitStatus.FOUND;
        }
        if (judgements.stream()
                .flatMap(each -> each.results().stream())
                .anyMatch(each -> each.ending().kind() == Ending.Kind.CHECKPOINT)) {
            return ExitStatus.LACKS;
        }
        return requireFixpoint && !judgements.stream().allMatch(found::settled) ? ExitStatus.NOT_JUDGED : ExitStatus.OK;
    }

    /** The file that was asked for, or null. */
    private @Nullable Checkpoint checkpoint(Checker checker, Set<String> judged, CheckHead head, PrintWriter err) {
        if (checkpointFile == null) {
            return null;
        }
        if (rule.text() == null && rule.given().isPresent()) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--checkpoint keeps one search and --base needs a second: leave one of the two out");
        }
        if (judged.size() != 1 || checker.scopes().size() != 1) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--checkpoint needs one search: give one --policy or --rule,"
                            + " and an option of the scope, such as --refs 2");
        }
        Scope scope = checker.scopes().getFirst();
        List<String> search = new ArrayList<>(head.lines());
        search.add("policy " + judged.iterator().next());
        search.add(scope.title() + ", depth " + scope.depth() + (scope.symmetry() ? "" : ", no symmetry"));
        search.add("moves " + scope.moves().stream().sorted().map(Move::word).collect(Collectors.joining(" ")));
        try {
            Checkpoint checkpoint = Checkpoint.open(checkpointFile, search);
            if (!checkpoint.fresh() && head.revision().dirty()) {
                err.println("warning: uncommitted changes: the search in " + checkpointFile
                        + " goes on rightly only if the sources are still what they were when it was begun");
                err.flush();
            }
            return checkpoint;
        } catch (CheckpointException e) {
            throw new ParameterException(spec.commandLine(), "--checkpoint: " + e.getMessage(), e);
        } catch (IOException e) {
            throw new ResultStorageException(
                    "cannot open the checkpoint " + checkpointFile + ": "
                            + (e instanceof NoSuchFileException ? "there is no such folder" : ResultWriter.reason(e))
                            + "; name a file in a folder that can be written",
                    e);
        }
    }

    private List<Scope> scopes() {
        if (folio != null && pages != null) {
            throw new ParameterException(spec.commandLine(), "--pages: the area of --folio is the folio; leave it out");
        }
        try {
            if (!ofTheirOwn()) {
                return (folio == null ? Scope.standard() : Scope.folios(folio))
                        .stream().map(scope -> with(scope, scope.moves())).toList();
            }
            Scope base = Scope.fixpoint();
            return List.of(new Scope(
                    or(procs, base.processes()),
                    folio == null ? or(pages, base.pages()) : Scope.FOLIO_PAGES,
                    or(refs, base.references()),
                    or(env, base.environment()),
                    or(depth, base.depth()),
                    moves(base.moves()),
                    !noSymmetry,
                    or(folio, 0)));
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
    }

    /** Whether the searches are those for which policies declare what they violate. */
    private boolean standard() {
        return folio == null && !ofTheirOwn();
    }

    private boolean ofTheirOwn() {
        return procs != null || pages != null || refs != null || env != null || depth != null || ops != null;
    }

    private Scope with(Scope scope, Set<Move> moves) {
        return new Scope(
                scope.processes(),
                scope.pages(),
                scope.references(),
                scope.environment(),
                scope.depth(),
                moves,
                !noSymmetry,
                scope.folio());
    }

    /** Whether a kernel has the folios that are asked for, if any are. */
    private boolean hasFolios(ReusePolicy policy) {
        return folio == null || folio != Scope.MTHP || policy.largeFolios() == LargeFolios.ANY;
    }

    private static int or(@Nullable Integer given, int otherwise) {
        return given == null ? otherwise : given;
    }

    private Set<Move> moves(Set<Move> all) {
        if (ops == null) {
            return all;
        }
        Set<Move> moves = EnumSet.noneOf(Move.class);
        for (String word : ops) {
            Move move = Arrays.stream(Move.values())
                    .filter(each -> each.word().equals(word))
                    .findFirst()
                    .orElseThrow(() -> new ParameterException(
                            spec.commandLine(),
                            "unknown operation '" + word
                                    + "' in --ops; known: "
                                    + Arrays.stream(Move.values())
                                            .map(Move::word)
                                            .collect(Collectors.joining(", "))));
            boolean huge = move == Move.SPLIT || move == Move.COLLAPSE;
            if (move.op() != null && move.op().ofFolios() && or(folio, 0) < (huge ? Scope.THP : Scope.MTHP)) {
                throw new ParameterException(
                        spec.commandLine(),
                        "--ops " + word + " is a move of large folios and needs --folio "
                                + (huge ? "2048" : "16 or 2048"));
            }
            if (move.op() == null && or(env, 0) == 0) {
                throw new ParameterException(
                        spec.commandLine(), "--ops " + word + " is a move of the adversary and needs --env 1 or 2");
            }
            moves.add(move);
        }
        return moves;
    }

    private int threads() {
        if (threads != null && (threads < 1 || threads > MOST_THREADS)) {
            throw new ParameterException(
                    spec.commandLine(), "--threads " + threads + "; expected 1 to " + MOST_THREADS);
        }
        return threads == null ? Math.min(MOST_THREADS, Runtime.getRuntime().availableProcessors()) : threads;
    }
}
