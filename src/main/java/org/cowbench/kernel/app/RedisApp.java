package org.cowbench.kernel.app;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;

/**
 * Redis, as Debian builds it: one thread, values on jemalloc's heap, a fork for each snapshot.
 *
 * <p>The mix is ten GETs a SET, memtier_benchmark's default ratio, over uniform keys and over keys whose frequency falls
 * as Zipf's law has it. Values of 2048 bytes are those of Liang Zhang's measurement
 * (20220113140318.11117-1-zhangliang5@huawei.com).
 */
final class RedisApp implements App {
    private static final String SOCKET = "/app/socket";
    /** memtier_benchmark's default ratio is 1:10. */
    private static final int GETS_A_SET = 10;
    /** YCSB's constant of Zipf's law. */
    private static final double ZIPF = 0.99;
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
        SplittableRandom random = new SplittableRandom(seed);
        Plan plan = new Plan(SOCKET);
        String key = "$" + ("key:" + Plan.KEY).length() + "\r\nkey:" + Plan.KEY + "\r\n";
        int get = plan.request("*2\r\n$3\r\nGET\r\n" + key);
        int set = plan.request(
                "*3\r\n$3\r\nSET\r\n" + key + "$" + size.bytes() + "\r\n" + "x".repeat(size.bytes()) + "\r\n");
        IntUnaryOperator uniform = ignored -> random.nextInt(size.keys());
        IntUnaryOperator zipf = zipf(size.keys(), random);
        IntUnaryOperator mix = i -> i % (GETS_A_SET + 1) == GETS_A_SET ? set : get;
        int pipeline = size.pipeline();
        return plan.load("fill", load(size.keys(), i -> set, i -> i), pipeline)
                .limit(size.percent())
                .load("get", load(size.requests(), i -> get, uniform), pipeline)
                .load("set", load(size.requests(), i -> set, uniform), pipeline)
                .load("mix", load(size.requests(), mix, uniform), pipeline)
                .load("zipf", load(size.requests(), mix, zipf), pipeline)
                .command("BGSAVE")
                .load("save", load(size.requests(), mix, uniform), pipeline)
                .until("rdb_bgsave_in_progress", 0, "INFO persistence")
                .demand("rdb_saves", 1, "INFO persistence")
                .tell(AppBoot.FORK, "INFO stats");
    }

    private static int[] load(int count, IntUnaryOperator request, IntUnaryOperator key) {
        return IntStream.range(0, count)
                .map(i -> Plan.one(request.applyAsInt(i), key.applyAsInt(i)))
                .toArray();
    }

    /** Keys by Zipf's law; which key is the most frequent is random, so that frequent ones do not lie side by side. */
    private static IntUnaryOperator zipf(int keys, SplittableRandom random) {
        double[] sums = new double[keys];
        int[] names = IntStream.range(0, keys).toArray();
        double sum = 0;
        for (int i = 0; i < keys; i++) {
            sum += Math.pow(i + 1, -ZIPF);
            sums[i] = sum;
            int other = random.nextInt(i + 1);
            names[i] = names[other];
            names[other] = i;
        }
        double whole = sum;
        return ignored -> {
            int at = Arrays.binarySearch(sums, random.nextDouble() * whole);
            return names[Math.min(at < 0 ? -at - 1 : at, keys - 1)];
        };
    }
}
