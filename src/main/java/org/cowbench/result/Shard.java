package org.cowbench.result;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One of N shares of what several machines do.
 *
 * @param index which, from 1
 * @param of how many there are
 */
public record Shard(int index, int of) {
    /**
     * Whether a unit is in the share.
     *
     * @param unit its place among all, from 0
     * @return whether it is: unit k is of share (k mod N) + 1
     */
    public boolean has(int unit) {
        return unit % of == index - 1;
    }

    /**
     * Deals.
     *
     * @param <T> what is dealt
     * @param all all of it
     * @return what is in the share, in order
     */
    public <T> List<T> deal(List<T> all) {
        List<T> mine = new ArrayList<>();
        for (int unit = index - 1; unit < all.size(); unit += of) {
            mine.add(all.get(unit));
        }
        return mine;
    }

    /**
     * Turns a place in the share into one among all.
     *
     * @param place in the share, from 0
     * @return its place among all, from 0
     */
    public int unit(int place) {
        return place * of + index - 1;
    }

    /**
     * Reads a share.
     *
     * @param text as {@code --shard} takes it, such as {@code 1/3}
     * @return it; empty if it is none
     */
    public static Optional<Shard> of(String text) {
        if (!text.matches("\\d{1,4}/\\d{1,4}")) {
            return Optional.empty();
        }
        int slash = text.indexOf('/');
        Shard shard =
                new Shard(Integer.parseInt(text.substring(0, slash)), Integer.parseInt(text.substring(slash + 1)));
        return shard.index >= 1 && shard.index <= shard.of ? Optional.of(shard) : Optional.empty();
    }

    /** As {@code --shard} takes it. */
    @Override
    public String toString() {
        return index + "/" + of;
    }
}
