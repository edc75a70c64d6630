package org.cowbench.published;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;
import org.cowbench.policy.FreedSwapCachePolicy;
import org.cowbench.policy.Policy;
import org.cowbench.published.PublishedResult.Row;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the model makes of published results, at three scales. */
@Tag("slow")
class PublicationTest {
    /** How far scales may be apart where sizes matter; the guide says so too. */
    private static final double BAND = 1.05;

    private static final Path RESULTS = Path.of("results");
    private static final Map<Publication, Row> ROWS = new EnumMap<>(Publication.class);
    private static PublishedResult result = new PublishedResult(List.of(), List.of(), List.of());

    @BeforeAll
    static void all() {
        result = PublishedResult.of(null, RESULTS);
        result.rows().forEach(row -> ROWS.put(row.publication(), row));
    }

    private static Row row(Publication publication) {
        return Objects.requireNonNull(ROWS.get(publication));
    }

    @ParameterizedTest
    @EnumSource
    void scalesAgree(Publication publication) {
        Row row = row(publication);
        assertThat(row.scales()).hasSize(3);
        assertThat(row.scales().getLast().size())
                .isEqualTo(4 * row.scales().getFirst().size());
        assertThat(row.spread()).isBetween(1.0, BAND);
    }

    /** Again, and the same to the last digit. */
    @ParameterizedTest
    @EnumSource
    void countsAreExact(Publication publication) {
        Row row = row(publication);
        assertThat(PublishedResult.scaled(publication, row.profile(), 1, new PublishedResult.Rounds()))
                .isEqualTo(row.scales().getFirst());
    }

    private static void each(Publication publication, Price price, double base, double head) {
        row(publication).scales().forEach(scale -> {
            assertThat(scale.base().account().each(price)).isEqualTo(base);
            assertThat(scale.head().account().each(price)).isEqualTo(head);
        });
    }

    @Test
    void forceswapCopiesEveryTime() {
        each(Publication.FORCESWAP, Price.COPY, 0, 1);
        each(Publication.FORCESWAP, Price.FLUSH, 0, 1);
        each(Publication.FORCESWAP, Price.MINOR, 1, 1);
        each(Publication.SHOOTDOWNS, Price.FLUSH, 0, 1);
        each(Publication.WRITEBACK, Price.COPY, 0, 1);
        each(Publication.LRU_BATCH, Price.COPY, 0, 1);
        assertThat(Math.abs(row(Publication.SHOOTDOWNS).difference())).isLessThan(0.01);
        assertThat(Math.abs(row(Publication.WRITEBACK).difference())).isLessThan(0.01);
        assertThat(Math.abs(row(Publication.LRU_BATCH).difference())).isLessThan(0.01);
    }

    @Test
    void oneFaultIsSaved() {
        each(Publication.ONE_FAULT, Price.MINOR, 1, 0);
        each(Publication.ONE_FAULT, Price.MAJOR, 1, 1);
        assertThat(row(Publication.ONE_FAULT).difference()).isZero();
    }

    @Test
    void forkCopiesAnEntryAPage() {
        each(Publication.FORK_ENTRY, Price.ENTRY, 1, 1);
        each(Publication.FORK_GIB, Price.ENTRY, 1, 1);
    }

    /** A rule in the place of another is another effect: no row says what it says whatever the machine does. */
    @ParameterizedTest
    @EnumSource(
            mode = EnumSource.Mode.EXCLUDE,
            names = {"FORK_ENTRY", "FORK_GIB"})
    void anotherRuleIsSeen(Publication publication) {
        Profile profile = row(publication).profile();
        int size = publication.size(1);
        Effect effect = publication.effect();
        double base = effect.of(publication.run(publication.base().rule(), size), profile);
        double head = effect.of(publication.run(publication.head().rule(), size), profile);
        assertThat(effect.between(base, base)).isNotEqualTo(effect.between(base, head));
    }

    /** Without copies nothing is left behind in memory, so less has to be read again. */
    @Test
    void theRuleOfJanuarySavesCopiesAndReads() {
        Account base = Publication.LIANG.run(Policy.V5_9.rule(), 4096);
        Account liang = Publication.LIANG.run(Policy.LIANG.rule(), 4096);
        assertThat(base.count(Price.COPY)).isPositive();
        assertThat(liang.count(Price.COPY)).isZero();
        assertThat(liang.count(Price.READ)).isLessThan(base.count(Price.READ));
        assertThat(liang.count(Price.REQUEST)).isEqualTo(liang.operations());
    }

    private static double ratio(Account of, Account to, Price price) {
        return of.each(price) / to.each(price);
    }

    /** Of the load that kernels have run too, which is why the row of January 2022 is smaller: its words have the figures. */
    @Test
    void kernelsFindWhatACopyLeavesLater() {
        Account base = Publication.redis(Policy.V5_9.rule(), 16_000, 400_000, 1, 0.8);
        Account liang = Publication.redis(Policy.LIANG.rule(), 16_000, 400_000, 1, 0.8);
        assertThat(ratio(base, liang, Price.READ)).isCloseTo(1.18, within(0.005));
        assertThat(liang.each(Price.READ)).isCloseTo(0.29, within(0.005));
        Guests guests = new Guests(RESULTS);
        Map<String, String> mix = Map.of("app", "redis", "load", "mix");
        OptionalDouble without =
                guests.counter(Publication.REDIS + "1774d7aea7e5", "GuestApp.request", mix, "swapReads");
        OptionalDouble with = guests.counter(Publication.REDIS + "05816ca8b4df", "GuestApp.request", mix, "swapReads");
        double kernels = Guests.ratio(without, with).orElseThrow();
        assertThat(kernels).isCloseTo(1.66, within(0.005));
        assertThat(with.orElseThrow()).isCloseTo(0.25, within(0.005));
        Row row = row(Publication.LIANG);
        Account head = row.scales().getLast().head().account();
        Map<Price, Long> counts =
                new EnumMap<>(row.scales().getLast().base().account().counts());
        for (Price price : List.of(Price.MAJOR, Price.READ)) {
            counts.put(price, Math.round(kernels * head.count(price)));
        }
        Account asKernels = new Account(head.operations(), counts);
        double asMeasured = head.perSecond(row.profile()) / asKernels.perSecond(row.profile());
        assertThat(asMeasured).isCloseTo(1.51, within(0.005));
        assertThat(asMeasured)
                .as("nine points from what was published")
                .isCloseTo(row.publication().published(), within(0.095));
    }

    @Test
    void theEffectOfIdlePagesGrowsWithMemory() {
        Profile profile = row(Publication.IDLE_SWAP_CACHE).profile();
        Map.of(0.6, 1.06, 0.9, 1.30).forEach((share, effect) -> {
            Account base = Publication.pmbench(Policy.V5_9.rule(), 8192, share);
            Account head = Publication.pmbench(new FreedSwapCachePolicy(), 8192, share);
            assertThat(head.perSecond(profile) / base.perSecond(profile)).isCloseTo(effect, within(0.005));
        });
    }

    /** The flush that would explain all of the published ratio, as the row's words have it. */
    @Test
    void whatAFlushInAGuestWouldCost() {
        Row row = row(Publication.FORCESWAP);
        Account head = row.scales().getLast().head().account();
        double missing =
                row.publication().published() * row.scales().getLast().base().value() - head.nanos(row.profile());
        assertThat(row.profile().nanos(Price.FLUSH) + missing / head.each(Price.FLUSH))
                .isCloseTo(2907, within(1.0));
    }

    /** As many go as there are write faults on swapped pages, which are half of the faults on swapped pages. */
    @Test
    void theDrainsThatGoAreThoseOfWriteFaults() {
        row(Publication.FEWER_DRAINS).scales().forEach(scale -> {
            assertThat(scale.base().account().count(Price.MAJOR))
                    .isEqualTo(scale.head().account().count(Price.MAJOR));
            double saved = scale.base().value() - scale.head().value();
            assertThat(saved / scale.head().account().count(Price.MAJOR)).isBetween(0.45, 0.55);
        });
    }

    @Test
    void ratesAreOfEveryRule() {
        assertThat(result.rates()).hasSize(2).allSatisfy(rates -> {
            assertThat(rates.sides()).extracting(PublishedResult.Side::policy).contains("v5.7", "v7.3", "oracle");
            assertThat(rates.sides()).extracting(PublishedResult.Side::policy).doesNotContain("v6.15");
            Row row = row(rates.publication());
            assertThat(rates.sides()).contains(row.scales().getFirst().base());
        });
    }

    @Test
    void committedResultsOfKernelsAreFound() {
        assertThat(row(Publication.ONE_FAULT).kernels()).hasValue(0);
        assertThat(row(Publication.LIANG).kernels().orElseThrow()).isBetween(1.1, 1.4);
        assertThat(row(Publication.FORCESWAP).kernels().orElseThrow()).isBetween(2.0, 2.5);
        assertThat(Publication.LIANG.kernels(new Guests(Path.of("nowhere")))).isEqualTo(OptionalDouble.empty());
    }
}
