package org.cowbench.bench.misses;

import java.util.Arrays;

/**
 * Things in the order in which they were used last, cut into lists: the first holds as many as the least capacity, each
 * other what the next capacity adds. So one stack is caches of all these capacities at once, each with replacement of the
 * least recently used.
 */
final class LruStack {
    private static final int FIRST = 1 << 16;
    private static final byte BEYOND = -1;

    private final int[] room;
    private final int[] size;
    private final int[] newest;
    private final int[] oldest;
    // Of each thing: its neighbours in its list, and the list's number from 1 on, or BEYOND; 0 if it was never used.
    private int[] newer = new int[FIRST];
    private int[] older = new int[FIRST];
    private byte[] list = new byte[FIRST];
    private long things;

    /**
     * An empty stack.
     *
     * @param capacities numbers of things, rising
     */
    LruStack(long... capacities) {
        room = new int[capacities.length];
        for (int i = 0; i < room.length; i++) {
            room[i] = Math.toIntExact(i == 0 ? capacities[0] : capacities[i] - capacities[i - 1]);
        }
        size = new int[room.length];
        newest = new int[room.length];
        oldest = new int[room.length];
    }

    /**
     * Uses a thing.
     *
     * @param thing its number, from 0 on
     * @return how many capacities miss it, the least ones first
     */
    int use(int thing) {
        if (thing >= list.length) {
            int length = Math.max(thing + 1, 2 * list.length);
            newer = Arrays.copyOf(newer, length);
            older = Arrays.copyOf(older, length);
            list = Arrays.copyOf(list, length);
        }
        int found = list[thing];
        if (found == 1 && newest[0] == thing) {
            return 0;
        }
        if (found > 0) {
            take(found - 1, thing);
        } else if (found == 0) {
            things++;
        }
        put(0, thing);
        for (int i = 0; i < room.length && size[i] > room[i]; i++) {
            int pushed = oldest[i];
            take(i, pushed);
            if (i + 1 < room.length) {
                put(i + 1, pushed);
            } else {
                list[pushed] = BEYOND;
            }
        }
        return found > 0 ? found - 1 : room.length;
    }

    /** How many things have been used. */
    long things() {
        return things;
    }

    private void take(int from, int thing) {
        list[thing] = 0;
        size[from]--;
        if (thing == newest[from]) {
            newest[from] = older[thing];
        } else {
            older[newer[thing]] = older[thing];
        }
        if (thing == oldest[from]) {
            oldest[from] = newer[thing];
        } else {
            newer[older[thing]] = newer[thing];
        }
    }

    private void put(int to, int thing) {
        if (size[to] == 0) {
            oldest[to] = thing;
        } else {
            older[thing] = newest[to];
            newer[newest[to]] = thing;
        }
        newest[to] = thing;
        list[thing] = (byte) (to + 1);
        size[to]++;
    }
}
