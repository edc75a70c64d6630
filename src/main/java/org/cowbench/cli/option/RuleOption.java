package org.cowbench.cli.option;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.cowbench.policy.Policy;
import org.cowbench.policy.ReusePolicy;
import org.cowbench.policy.rule.RuleException;
import org.cowbench.policy.rule.RulePolicy;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code --rule} and {@code --base}: a policy of the user's own, given as an expression. */
public final class RuleOption {

    @Option(
            names = "--rule",
            paramLabel = "EXPR",
            description = {
                "Your own rule for do_wp_page, as a C expression: the page is copied if its lock is taken, else reused"
                    + " if the rule is true. Names: ref, mapcount, swapcount, and 0 or 1: swapcache, writeback, lru,"
                    + " exclusive, pinned; drain() does lru_add_drain and is 1; free_swap() does try_to_free_swap and"
                    + " is 1 if the page left the swap cache. Operators: && || ! == != < <= > >= + - * ?: and ( );"
                    + " comparisons do not chain: (1 < ref) < 3.",
                "A rule with one of these names decides for large folios too, where page-table entries map them: n"
                    + " (pages of the folio), lmap (all its mappings), shared (folio_maybe_mapped_shared), mine"
                    + " (mappings that its owner slots count for the process). ref, pinned, swapcache, writeback and"
                    + " free_swap() are the folio's; mapcount, swapcount and exclusive (or excl) the page's. v6.15 is,"
                    + " with --base v6.15: n == 1 ? exclusive || ref <= 3 && (lru || drain()) && ref <= 1 + swapcache"
                    + " && (free_swap() || 1) && ref == 1 : excl || lmap > 1 && !shared && (free_swap() || 1) && lmap"
                    + " == ref. Without such a name large folios are decided as --base does; where a PMD entry maps"
                    + " one they always are.",
                "The output calls it 'rule'."
            })
    private @Nullable String rule;

    @Option(
            names = "--base",
            paramLabel = "P",
            converter = PolicyConverter.class,
            description =
                    "The policy that decides all else under --rule: swap-in, fork, unmap, pins, and which large folios"
                            + " there are. Default: v5.9. For 'check' also the kernel that verdicts are relative to.")
    private @Nullable Policy base;

    private final boolean baseAlone;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    /** Made by the command line. */
    public RuleOption() {
        this(false);
    }

    private RuleOption(boolean baseAlone) {
        this.baseAlone = baseAlone;
    }

    /**
     * For a command to which a base says something without a rule too.
     *
     * @return the options
     */
    public static RuleOption orBaseAlone() {
        return new RuleOption(true);
    }

    /**
     * Whether a rule was given, and what it is.
     *
     * @return the rule; empty for none
     * @throws ParameterException if it is no rule
     */
    public Optional<RulePolicy> policy() {
        if (rule == null) {
            if (base != null && !baseAlone) {
                throw new ParameterException(
                        spec.commandLine(), "--base says what a rule is built on; give one with --rule");
            }
            return Optional.empty();
        }
        try {
            return Optional.of(RulePolicy.of(rule, base().rule()));
        } catch (RuleException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
    }

    /**
     * The rule as it was given.
     *
     * @return its text, or null
     */
    public @Nullable String text() {
        return rule;
    }

    /**
     * The policy that decides all else.
     *
     * @return the one given, else v5.9
     */
    public Policy base() {
        return base == null ? Policy.V5_9 : base;
    }

    /**
     * The policy that was given as base.
     *
     * @return it, or empty where none was
     */
    public Optional<Policy> given() {
        return Optional.ofNullable(base);
    }

    /**
     * Some policies, then the user's own if there is one.
     *
     * @return by id, in that order
     */
    public Map<String, ReusePolicy> addTo(Collection<Policy> policies) {
        Map<String, ReusePolicy> all = new LinkedHashMap<>();
        policies.forEach(policy -> all.put(policy.id(), policy.rule()));
        policy().ifPresent(own -> all.put(RulePolicy.ID, own));
        return all;
    }
}
