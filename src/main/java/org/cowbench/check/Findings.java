package org.cowbench.check;

import java.nio.ByteBuffer;
import java.util.Comparator;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.cowbench.policy.Property;
import org.jspecify.annotations.Nullable;

/** The violations that a search found: of each kind the best path to one. */
final class Findings {
    private final Map<Kind, Found> best = new TreeMap<>();

    /** Violations of one kind are told once. */
    record Kind(Property property, Cause cause, boolean pin) implements Comparable<Kind> {
        private static final Comparator<Kind> ORDER =
                Comparator.comparing(Kind::property).thenComparing(Kind::cause).thenComparing(Kind::pin);

        @Override
        public int compareTo(Kind other) {
            return ORDER.compare(this, other);
        }
    }

    /** A path to a violation; one without the adversary is better, then a smaller one. */
    record Found(int depth, boolean environment, long origin) {
        boolean worseThan(Found other) {
            return environment != other.environment
                    ? environment
                    : depth != other.depth ? depth > other.depth : origin > other.origin;
        }
    }

    /** What was found of a kind, or null. */
    @Nullable
    Found of(Kind kind) {
        return best.get(kind);
    }

    /** All of a property, in a fixed order. */
    Stream<Map.Entry<Kind, Found>> of(Property property) {
        return best.entrySet().stream().filter(entry -> entry.getKey().property() == property);
    }

    /** Keeps a path if no better one of its kind is known. */
    void offer(Kind kind, Found candidate) {
        best.merge(kind, candidate, (known, other) -> known.worseThan(other) ? other : known);
    }

    /** Takes over what another has. */
    void drain(Findings other) {
        other.best.forEach(this::offer);
        other.best.clear();
    }

    /** Bytes in a checkpoint. */
    int bytes() {
        return Integer.BYTES + best.size() * (4 + Integer.BYTES + Long.BYTES);
    }

    void write(ByteBuffer to) {
        to.putInt(best.size());
        best.forEach((kind, found) -> to.put((byte) kind.property().ordinal())
                .put((byte) kind.cause().ordinal())
                .put((byte) (kind.pin() ? 1 : 0))
                .put((byte) (found.environment() ? 1 : 0))
                .putInt(found.depth())
                .putLong(found.origin()));
    }

    static Findings read(ByteBuffer from) {
        Findings findings = new Findings();
        for (int kinds = from.getInt(); kinds > 0; kinds--) {
            Kind kind = new Kind(Property.values()[from.get()], Cause.values()[from.get()], from.get() != 0);
            boolean environment = from.get() != 0;
            findings.best.put(kind, new Found(from.getInt(), environment, from.getLong()));
        }
        return findings;
    }
}
