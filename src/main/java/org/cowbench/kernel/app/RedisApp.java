package org.cowbench.kernel.app;

import java.util.List;

/**
 * Redis, as Debian builds it: one thread, values on jemalloc's heap, a fork for each snapshot.
 *
 * <p>Values of 2048 bytes are those of Liang Zhang's measurement (20220113140318.11117-1-zhangliang5@huawei.com).
 */
final class RedisApp implements App {
    private static final String SOCKET = "/app/socket";
    /** What an entry costs beside its value: dictionary, key, object; and what the allocator rounds up, a quarter. */
    private static final int ENTRY = 160;

    private static final long BASE = 16L << 20;

    RedisApp() {}

    @Override
    public String name() {
        return "redis";
    }

    @Override
    public List<String> packages() {
        return List.of("redis-server");
    }

    @Override
    public List<String> arguments() {
        return List.of(
                "/usr/bin/redis-server",
                "--port",
                "0",
                "--unixsocket",
                SOCKET,
                "--dir",
                "/app",
                "--save",
                "",
                "--appendonly",
                "no",
                "--stop-writes-on-bgsave-error",
                "no");
    }

    @Override
    public String socket() {
        return SOCKET;
    }

    @Override
    public long memory(Size size) {
        return BASE + (long) size.keys() * (size.bytes() * 5L / 4 + ENTRY);
    }

    @Override
    public Plan plan(Size size, long seed) {
        Plan plan = new Plan(SOCKET);
        String key = "$" + ("key:" + Plan.KEY).length() + "\r\nkey:" + Plan.KEY + "\r\n";
        int get = plan.request("*2\r\n$3\r\nGET\r\n" + key);
        int set = plan.request(
                "*3\r\n$3\r\nSET\r\n" + key + "$" + size.bytes() + "\r\n" + "x".repeat(size.bytes()) + "\r\n");
        KeyValueLoads loads = new KeyValueLoads(size, seed, get, set);
        return loads.add(plan)
                .command("BGSAVE")
                .load("save", loads.mix(), size.pipeline())
                .until("rdb_bgsave_in_progress", 0, "INFO persistence")
                .demand("rdb_saves", 1, "INFO persistence")
                .tell(AppBoot.FORK, "INFO stats");
    }
}
