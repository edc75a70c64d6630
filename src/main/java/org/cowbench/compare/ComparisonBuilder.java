package org.cowbench.compare;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntPredicate;
import org.cowbench.compare.Comparison.Control;
import org.cowbench.compare.Comparison.Design;
import org.cowbench.compare.Comparison.Difference;
import org.cowbench.compare.Comparison.Kind;
import org.cowbench.compare.Comparison.Row;
import org.cowbench.compare.Comparison.Side;
import org.cowbench.policy.Policy;
import org.cowbench.result.MeasurementKey;
import org.cowbench.result.ResultDirectory;
import org.cowbench.result.ResultException;
import org.cowbench.stats.Rule;
import org.cowbench.stats.Verdict;

/** Compares two runs, or the values of one parameter inside a run: matches, pairs, judges, and says what to believe. */
public final class ComparisonBuilder {
    private static final int FEW_NAMED = 3;

    private final Rule rule;
    private final CompareOptions options;
    private final SeriesNames names;
    private final Matching matching;
    private final Pairing pairing;
    private final boolean paired;
    private final List<ResultDirectory> runs;
    private final List<Warning> warnings = new ArrayList<>();

    private ComparisonBuilder(
            Rule rule,
            CompareOptions options,
            SeriesNames names,
            Matching matching,
            boolean paired,
            ResultDirectory... runs) {
        this.rule = rule;
        this.options = options;
        this.names = names;
        this.matching = matching;
        this.paired = paired;
        this.runs = List.of(runs);
        pairing = Pairing.of(matching, paired, names);
    }

    /**
     * Compares two runs.
     *
     * @param base what is compared with
     * @param head what is compared
     * @param rule the levels and the bound; where the sides' session had several {@linkplain Session#LOOKS looks}, of
     *     all of them
     * @param options the gate, and which benchmarks
     * @return the comparison, its rule that of one look; paired when both runs name the same {@linkplain Session#ID
     *     session}
     * @throws ResultException if no benchmark is in both and no gate is there to say so, if none is wanted, or a
     *     histogram log cannot be read
     */
    public static Comparison compare(ResultDirectory base, ResultDirectory head, Rule rule, CompareOptions options) {
        List<Series> baseSeries = Series.of(base);
        List<Series> headSeries = Series.of(head);
        SeriesNames all = SeriesNames.of(baseSeries, headSeries);
        ComparisonBuilder builder = matched(
                base,
                wanted(base, baseSeries, options, all),
                head,
                wanted(head, headSeries, options, all),
                rule.perLook(Session.looks(base, head)),
                options);
        builder.warnings.addAll(builder.matching.warnings());
        Control control = Control.none();
        if (builder.paired) {
            control = Believability.control(base, head, builder.rule, builder.warnings);
        } else if (builder.pairing.drifts()) {
            builder.warnings.add(new Warning.SeparateRuns());
        }
        builder.warnings.addAll(Believability.of(base, head));
        String[] labels = Sides.labels(base, head);
        return builder.build(
                Policy.PARAM,
                Sides.side(base, labels[0], options.filter()),
                Sides.side(head, labels[1], options.filter()),
                Sides.differences(base, head),
                control);
    }

    /**
     * Judges the scores of a part of two runs as {@link #compare} judges those of the whole: one family, corrected for
     * its own size.
     *
     * @param base what is compared with
     * @param head what is compared
     * @param rule the levels and the bound
     * @param block which blocks of the schedule count; asked for -1 where a fork's block is unknown
     * @return one row a benchmark and parameter set that is in both, in the order of the base's file; the change of a
     *     row that is too noisy is NaN
     * @throws ResultException if no benchmark is in both
     */
    public static List<Row> scores(ResultDirectory base, ResultDirectory head, Rule rule, IntPredicate block) {
        return matched(base, Series.scores(base, block), head, Series.scores(head, block), rule, CompareOptions.NONE)
                .rows(true);
    }

    /**
     * Compares values of a parameter inside one run: forks of one block belong together.
     *
     * @param param name of the parameter, such as {@code policy}
     * @param value the value that all others are compared with, a policy by its id
     * @param rule the levels and the bound
     * @param options the gate, and which of the others
     * @return the comparison; paired where the run says in which block a fork was
     * @throws ResultException if nothing in the run has that parameter with that value, or with another that is wanted
     */
    public static Comparison within(
            ResultDirectory run, String param, String value, Rule rule, CompareOptions options) {
        List<Series> all = Series.of(run);
        SeriesNames names = SeriesNames.of(all, List.of());
        Map<MeasurementKey, Series> bases = new HashMap<>();
        List<Series> heads = new ArrayList<>();
        Set<String> values = new LinkedHashSet<>();
        for (Series series : all) {
            String own = MeasuredPolicy.displayed(series.key()).get(param);
            if (own == null) {
                continue;
            }
            values.add(own);
            if (own.equals(value)) {
                bases.put(series.key().without(param), series);
            } else {
                heads.add(series);
            }
        }
        if (values.isEmpty()) {
            throw new ResultException(run.path() + ": no benchmark has a parameter '" + param + "'");
        }
        if (bases.isEmpty()) {
            throw new ResultException(run.path() + ": no benchmark has " + param + "=" + value + "; there is "
                    + String.join(", ", values));
        }
        Matching matching = Matching.within(bases, wanted(run, heads, options, names), param, names);
        ComparisonBuilder builder = new ComparisonBuilder(
                rule.perLook(Session.looks(run)),
                options,
                names,
                matching,
                !run.info().forks().isEmpty(),
                run);
        if (builder.pairing.drafts().isEmpty()) {
            throw new ResultException(run.path() + ": nothing to compare " + param + "=" + value + " with");
        }
        if (!builder.paired && builder.pairing.drifts()) {
            builder.warnings.add(new Warning.UnknownOrder());
        }
        builder.warnings.addAll(Believability.of(run, Warning.Of.RUN, Set.of()));
        String filter = options.filter().toString();
        return builder.build(
                param,
                Sides.side(run, run.label(), new RowFilter(null, Map.of(param, Set.of(value)))),
                Sides.side(run, run.label(), ("every other " + param + " " + filter).strip(), RowFilter.ALL),
                List.of(),
                Control.none());
    }

    private static List<Series> wanted(
            ResultDirectory run, List<Series> series, CompareOptions options, SeriesNames names) {
        return options.filter()
                .of(
                        series,
                        names::tag,
                        one -> MeasuredPolicy.displayed(one.key()),
                        run.path().toString());
    }

    /** Of two runs, what belongs together laid side by side. */
    private static ComparisonBuilder matched(
            ResultDirectory base,
            List<Series> baseSeries,
            ResultDirectory head,
            List<Series> headSeries,
            Rule rule,
            CompareOptions options) {
        if (baseSeries.isEmpty() || headSeries.isEmpty()) {
            throw new ResultException((baseSeries.isEmpty() ? base : head).path() + " holds no benchmark");
        }
        SeriesNames names = SeriesNames.of(baseSeries, headSeries);
        ComparisonBuilder builder = new ComparisonBuilder(
                rule,
                options,
                names,
                Matching.of(baseSeries, headSeries, names),
                Session.interleaved(base, head),
                base,
                head);
        List<String> otherUnits = builder.pairing.otherUnits();
        if (builder.pairing.drafts().isEmpty() && !otherUnits.isEmpty()) {
            throw new ResultException(
                    "nothing is in units that turn into each other: " + Names.first(otherUnits, FEW_NAMED));
        }
        // A gate says itself that it had nothing to judge.
        if (builder.pairing.drafts().isEmpty() && !options.gated()) {
            throw new ResultException("no benchmark is in both: base has "
                    + Names.first(builder.matching.onlyBase(), FEW_NAMED) + "; head has "
                    + Names.first(builder.matching.onlyHead(), FEW_NAMED));
        }
        return builder;
    }

    private List<Row> rows(boolean valid) {
        return new Judge(rule, options.unpaired(), names, runs).rows(pairing.drafts(), valid);
    }

    private Comparison build(String rowParam, Side base, Side head, List<Difference> environment, Control control) {
        warnings.addAll(pairing.warnings());
        warnings.addAll(matching.alone());
        List<Row> rows = rows(control.state() != Control.State.BIASED);
        int identical = (int) rows.stream()
                .filter(row -> row.kind() == Kind.EXACT && row.verdict() == Verdict.SAME)
                .count();
        boolean anyPaired = rows.stream().anyMatch(row -> row.design() == Design.PAIRED && row.kind() != Kind.EXACT);
        return new Comparison(
                rule,
                base,
                head,
                paired && anyPaired ? Design.PAIRED : Design.UNPAIRED,
                pairing.blocks(),
                control,
                environment,
                List.copyOf(warnings),
                rowParam,
                rows,
                rows,
                CompareView.WHOLE,
                Distributions.shifts(pairing.drafts(), names, rule.confidence(), base.seed()),
                Distributions.curves(pairing.drafts(), rows),
                List.copyOf(matching.onlyBase()),
                List.copyOf(matching.onlyHead()),
                identical,
                options);
    }
}
