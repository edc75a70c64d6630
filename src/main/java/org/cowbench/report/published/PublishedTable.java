package org.cowbench.report.published;

import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.cowbench.published.Effect;
import org.cowbench.published.Price;
import org.cowbench.published.Profile;
import org.cowbench.published.Publication;
import org.cowbench.published.PublishedResult;
import org.cowbench.report.chart.Numbers;
import org.cowbench.report.text.TextTable;

/** Published numbers and the model's as text: a table, what is behind each row, rates by policy, prices. */
public final class PublishedTable {
    /** What the table of rates shows of an account, for a thousand operations. */
    private static final List<Price> SHOWN =
            List.of(Price.MAJOR, Price.MINOR, Price.READ, Price.WRITE, Price.COPY, Price.DRAIN, Price.FLUSH);

    private PublishedTable() {}

    /**
     * Prints all of it.
     *
     * @param result what to print
     * @param out where to
     * @throws IOException if it cannot be written
     */
    public static void print(PublishedResult result, Appendable out) throws IOException {
        rows(result.rows(), out);
        for (PublishedResult.Row row : result.rows()) {
            out.append('\n');
            about(row, out);
        }
        for (PublishedResult.Rates rates : result.rates()) {
            out.append('\n');
            rates(rates, out);
        }
        for (Profile profile : result.profiles()) {
            out.append('\n');
            prices(profile, used(result, profile), out);
        }
    }

    private static void rows(List<PublishedResult.Row> rows, Appendable out) throws IOException {
        List<String> heads = new ArrayList<>(List.of("<result", "<effect", "published"));
        for (int factor : Publication.FACTORS) {
            heads.add("x" + factor);
        }
        heads.addAll(List.of("difference", "<by", "kernels"));
        TextTable table = new TextTable(heads.toArray(String[]::new));
        for (PublishedResult.Row row : rows) {
            Effect effect = row.publication().effect();
            List<String> cells = new ArrayList<>(List.of(
                    row.publication().id(),
                    effect.words(),
                    number(effect, row.publication().published())));
            row.scales().forEach(scale -> cells.add(number(effect, scale.effect())));
            cells.add(difference(row));
            cells.add(effect.priced() ? row.profile().name() : "count");
            cells.add(row.kernels().isPresent() ? number(effect, row.kernels().getAsDouble()) : "-");
            table.row(cells);
        }
        table.print(out);
        out.append('\n');
        TextTable.paragraph(
                out,
                "x1, x2, x4: the model at three scales. Of rate, time and drains, the second policy's by the first's."
                    + " By count: exact counts of the modelled machine. By nvme, pmem, zram or a file: counts priced"
                    + " by that profile, modelled and not measured. kernels: from results that come along.");
    }

    private static void about(PublishedResult.Row row, Appendable out) throws IOException {
        Publication publication = row.publication();
        PublishedWording words = PublishedWording.of(publication);
        PublishedResult.Scaled largest = row.scales().getLast();
        TextTable.paragraph(out, publication.id() + ": " + words.figures() + " (" + words.source() + ").");
        TextTable.paragraph(
                out,
                "Here: " + words.setting() + " " + scale(publication, words.unit(), largest.size()) + " "
                        + sides(publication.effect(), largest) + ".");
        TextTable.paragraph(out, "Why: " + words.why());
    }

    /** Which part of the published size the largest is. */
    private static String scale(Publication publication, String unit, int size) {
        String done = String.format(Locale.ROOT, "At most %,d %s", size, unit);
        double part = (double) publication.publishedSize() / size;
        return part == 0
                ? done + "; how many is not published."
                : part == 1
                        ? done + ", as published."
                        : part > 1
                                ? done + ", 1/" + Numbers.compact(part, 3) + " of those published."
                                : done + ", " + Numbers.compact(1 / part, 3) + " times those published.";
    }

    private static String sides(Effect effect, PublishedResult.Scaled scaled) {
        String head =
                scaled.head().policy() + " " + Numbers.compact(scaled.head().value(), 4);
        return (effect.priced() ? "Modelled, " : "Counted, ")
                + PublishedWording.unit(effect)
                + ": "
                + (scaled.base().policy().equals(scaled.head().policy())
                        ? head
                        : scaled.base().policy() + " "
                                + Numbers.compact(scaled.base().value(), 4) + ", " + head);
    }

    private static String number(Effect effect, double value) {
        int decimals = effect == Effect.COPIES || effect == Effect.FLUSHES
                ? 4
                : effect.unit().isEmpty() ? 3 : 1;
        return Numbers.fixed(value, decimals) + effect.unit();
    }

    private static String difference(PublishedResult.Row row) {
        return Double.isFinite(row.difference())
                ? (row.difference() < 0 ? "" : "+") + Numbers.fixed(100 * row.difference(), 1) + " %"
                : "n/a";
    }

    private static void rates(PublishedResult.Rates rates, Appendable out) throws IOException {
        TextTable.paragraph(
                out,
                PublishedWording.load(rates.publication()) + " of "
                        + rates.publication().id()
                        + ": what each policy makes the machine do for 1000 of them, and how many a second that is by "
                        + rates.profile().name() + ", at x1, modelled and not measured.");
        List<String> heads = new ArrayList<>(List.of("<policy"));
        SHOWN.forEach(price -> heads.add(price.toString()));
        heads.add("modelled/s");
        TextTable table = new TextTable(heads.toArray(String[]::new));
        for (PublishedResult.Side side : rates.sides()) {
            List<String> cells = new ArrayList<>(List.of(side.policy()));
            SHOWN.forEach(price -> cells.add(Numbers.fixed(1000 * side.account().each(price), 1)));
            cells.add(Numbers.compact(side.value(), 4));
            table.row(cells);
        }
        table.print(out);
    }

    /** What a profile had to price: only that is worth reading. */
    private static Set<Price> used(PublishedResult result, Profile profile) {
        Set<Price> used = EnumSet.noneOf(Price.class);
        for (PublishedResult.Row row : result.rows()) {
            if (row.publication().effect().priced() && row.profile().equals(profile)) {
                used.addAll(row.scales().getLast().base().account().counts().keySet());
                used.addAll(row.scales().getLast().head().account().counts().keySet());
            }
        }
        for (PublishedResult.Rates rates : result.rates()) {
            if (rates.profile().equals(profile)) {
                rates.sides()
                        .forEach(side -> used.addAll(side.account().counts().keySet()));
            }
        }
        return used;
    }

    private static void prices(Profile profile, Set<Price> used, Appendable out) throws IOException {
        TextTable.paragraph(out, "Prices of " + profile.name() + " in ns, of what was done, and where each is from:");
        for (Price price : used) {
            TextTable.paragraph(
                    out,
                    String.format(Locale.ROOT, "%s %,.1f", price, profile.nanos(price))
                                    .replaceFirst("\\.0$", "") + ", " + price.words() + ": " + profile.source(price));
        }
    }
}
