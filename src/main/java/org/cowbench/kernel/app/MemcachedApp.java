package org.cowbench.kernel.app;

import java.util.List;

/**
 * Memcached, as Debian builds it, with one worker: values in slabs of a megabyte, each of places of one size, on libc's heap;
 * threads of its own look after the order of what was used last. It never forks.
 */
final class MemcachedApp implements App {
    private static final String SOCKET = "/app/socket";
    /** A place is up to a quarter larger than what it holds, and what an item costs beside its value: header, key, ends. */
    private static final int ENTRY = 160;
    /** Buffers, the table of keys (2 to the power of 16 pointers at first), and a slab that is begun of each size. */
    private static final long BASE = 16L << 20;

    MemcachedApp() {}

    @Override
    public String name() {
        return "memcached";
    }

    @Override
    public List<String> packages() {
        return List.of("memcached");
    }

    /** It has more memory than a guest, so that it is the cgroup that is full and nothing is evicted. */
    @Override
    public List<String> arguments() {
        return List.of("/usr/bin/memcached", "-u", "root", "-s", SOCKET, "-m", "65536", "-t", "1", "-c", "16");
    }

    @Override
    public String socket() {
        return SOCKET;
    }

    @Override
    public long memory(Size size) {
        return BASE + (long) size.keys() * ((size.bytes() + ENTRY) * 5L / 4);
    }

    @Override
    public Plan plan(Size size, long seed) {
        Plan plan = new Plan(SOCKET);
        int get = plan.request("get key:" + Plan.KEY + "\r\n");
        int set = plan.request(
                "set key:" + Plan.KEY + " 0 0 " + size.bytes() + "\r\n" + "x".repeat(size.bytes()) + "\r\n");
        // As root it starts as a user only whom it finds there.
        plan.file("etc/passwd", "root:x:0:0:root:/:/bin/sh\n");
        return new KeyValueLoads(size, seed, get, set).add(plan);
    }
}
