package org.cowbench.published;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;
import org.cowbench.policy.Policy;
import org.jspecify.annotations.Nullable;

/**
 * All rows, done.
 *
 * @param rows a row a publication, in their order
 * @param rates what each policy makes of a publication's load
 * @param profiles the profiles that priced something, by name
 */
public record PublishedResult(List<Row> rows, List<Rates> rates, List<Profile> profiles) {
    /** Whose loads are of requests or accesses, of which there is a rate a second. */
    private static final List<Publication> LOADS = List.of(Publication.LIANG, Publication.IDLE_SWAP_CACHE);

    /** Copies the lists. */
    public PublishedResult {
        rows = List.copyOf(rows);
        rates = List.copyOf(rates);
        profiles = List.copyOf(profiles);
    }

    /**
     * One policy's part of a row.
     *
     * @param policy the rule's name
     * @param account what it made the machine do
     * @param value its number, of the row's effect; priced where that is
     */
    public record Side(String policy, Account account, double value) {}

    /**
     * A row at one scale.
     *
     * @param factor how many times the smallest
     * @param size pages, or rounds
     * @param base the first policy's
     * @param head the second's
     * @param effect the number of both
     */
    public record Scaled(int factor, int size, Side base, Side head, double effect) {}

    /**
     * A publication and the model.
     *
     * @param publication what was published
     * @param profile what prices it
     * @param scales smallest first
     * @param kernels the effect in a committed result of real kernels; absent where none has it
     */
    public record Row(Publication publication, Profile profile, List<Scaled> scales, OptionalDouble kernels) {
        /** Copies the list. */
        public Row {
            scales = List.copyOf(scales);
        }

        /**
         * The model's effect at the largest scale.
         *
         * @return in the effect's unit
         */
        public double effect() {
            return scales.getLast().effect();
        }

        /**
         * How far that is from what was published.
         *
         * @return as a part of what was published, 0 for equal ones
         */
        public double difference() {
            double published = publication.published();
            return effect() == published ? 0 : effect() / published - 1;
        }

        /**
         * How far the scales are apart.
         *
         * @return the greatest effect by the smallest, 1 for equal ones
         */
        public double spread() {
            double least = scales.stream().mapToDouble(Scaled::effect).min().orElseThrow();
            double most = scales.stream().mapToDouble(Scaled::effect).max().orElseThrow();
            return least == most ? 1 : most / least;
        }
    }

    /**
     * A load under all policies.
     *
     * @param publication whose load it is, at its smallest scale
     * @param profile what prices it
     * @param sides a policy each, the value operations a second; of policies that are one rule for base pages the first
     */
    public record Rates(Publication publication, Profile profile, List<Side> sides) {
        /** Copies the list. */
        public Rates {
            sides = List.copyOf(sides);
        }
    }

    /**
     * Does all rows.
     *
     * @param instead what prices all of them; null for the profile of each publication
     * @param results directory of all results, whence figures of real kernels come
     * @return the rows
     */
    public static PublishedResult of(@Nullable Profile instead, Path results) {
        Guests guests = new Guests(results);
        Rounds rounds = new Rounds();
        List<Row> rows = new ArrayList<>();
        Map<String, Profile> profiles = new TreeMap<>();
        for (Publication publication : Publication.values()) {
            Profile profile = profile(publication, instead);
            if (publication.effect().priced()) {
                profiles.put(profile.name(), profile);
            }
            rows.add(new Row(
                    publication,
                    profile,
                    Publication.FACTORS.stream()
                            .map(factor -> scaled(publication, profile, factor, rounds))
                            .toList(),
                    publication.kernels(guests)));
        }
        return new PublishedResult(
                rows,
                LOADS.stream()
                        .map(load -> rates(load, profile(load, instead), rounds))
                        .toList(),
                List.copyOf(profiles.values()));
    }

    private static Profile profile(Publication publication, @Nullable Profile instead) {
        return instead != null ? instead : Profile.shipped(publication.profile());
    }

    /** What was done: of the same rounds there may be several numbers. */
    static final class Rounds {
        private record Key(Publication publication, String rule, int size) {}

        private final Map<Key, Account> accounts = new HashMap<>();

        private Side side(Publication publication, Variant variant, Profile profile, int size) {
            Account account = accounts.computeIfAbsent(
                    new Key(publication.rounds(), variant.name(), size), key -> publication.run(variant.rule(), size));
            return new Side(variant.name(), account, publication.effect().of(account, profile));
        }
    }

    /** A publication at one scale. */
    static Scaled scaled(Publication publication, Profile profile, int factor, Rounds rounds) {
        int size = publication.size(factor);
        Side base = rounds.side(publication, publication.base(), profile, size);
        Side head = rounds.side(publication, publication.head(), profile, size);
        return new Scaled(factor, size, base, head, publication.effect().between(base.value(), head.value()));
    }

    private static Rates rates(Publication load, Profile profile, Rounds rounds) {
        int size = load.size(Publication.FACTORS.getFirst());
        return new Rates(
                load,
                profile,
                Policy.shipped().stream()
                        .filter(policy -> policy.alike().getFirst() == policy)
                        .map(policy -> rounds.side(load, Variant.of(policy), profile, size))
                        .toList());
    }
}
