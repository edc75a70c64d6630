package org.cowbench.published;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import org.cowbench.machine.MachineOptions;
import org.cowbench.policy.FreedSwapCachePolicy;
import org.cowbench.policy.Policy;
import org.cowbench.policy.ReusePolicy;
import org.cowbench.workload.RequestStream;
import org.cowbench.workload.SyntheticStreams;

/** Published results, in the order of their kernels. */
public enum Publication {
    /** Huang Ying's commit of v5.14. */
    IDLE_SWAP_CACHE(
            Effect.RATE,
            1.238,
            "nvme",
            Variant.of(Policy.V5_9),
            new Variant("v5.9+f4c4a3f", new FreedSwapCachePolicy()),
            4096,
            0) {
        @Override
        Account run(ReusePolicy rule, int size) {
            return pmbench(rule, size, RESIDENT);
        }
    },
    /** Nadav Amit's forceswap: what a write fault costs that copies. */
    FORCESWAP(Effect.COST, 10534 / 1606.0, "pmem", Variant.of(Policy.V5_8), Variant.of(Policy.V5_9), 25_000, 100_000) {
        @Override
        Account run(ReusePolicy rule, int size) {
            return forceswap(rule, size, PMEM);
        }

        @Override
        OptionalDouble kernels(Guests guests) {
            return Guests.ratio(
                    guests.instructions(TIMELINE, "Guest.writeAfterRead", Map.of("kernel", "5.10")),
                    guests.instructions(TIMELINE, "Guest.writeAfterRead", Map.of("kernel", "6.1")));
        }
    },
    /** Of the same rounds, the flushes of other CPUs that were counted beside the time. */
    SHOOTDOWNS(Effect.FLUSHES, (399_935 - 300_000) / 100_000.0, FORCESWAP) {
        @Override
        Account run(ReusePolicy rule, int size) {
            return FORCESWAP.run(rule, size);
        }
    },
    /** The same while the device still writes the page. */
    WRITEBACK(Effect.COPIES, 0.99974, "nvme", Variant.of(Policy.V5_8), Variant.of(Policy.V5_18), 25_000, 100_000) {
        @Override
        Account run(ReusePolicy rule, int size) {
            return forceswap(rule, size, DISK);
        }
    },
    /** David Hildenbrand's run of forceswap without the drain that became d4c470970d45. */
    LRU_BATCH(
            Effect.COPIES,
            983_396 / (983_396 + 1799 + 1.0),
            "pmem",
            Variant.of(Policy.V5_18),
            Variant.of(Policy.LINUS),
            25_000,
            1_000_000) {
        @Override
        Account run(ReusePolicy rule, int size) {
            return forceswap(rule, size, PMEM);
        }
    },
    /** Liang Zhang's patch. */
    LIANG(
            Effect.RATE,
            155_428 / 109_497.0,
            "nvme",
            Variant.of(Policy.V5_9),
            Variant.of(Policy.LIANG),
            4096,
            30_616_041) {
        @Override
        Account run(ReusePolicy rule, int size) {
            return redis(rule, (int) (size * 4096L / REDIS_PLACE), 48 * size, REDIS_HITS, REDIS_RESIDENT);
        }

        @Override
        OptionalDouble kernels(Guests guests) {
            Map<String, String> mix = Map.of("app", "redis", "load", "mix");
            return Guests.ratio(
                    guests.instructions(REDIS + "1774d7aea7e5", "GuestApp.request", mix),
                    guests.instructions(REDIS + "05816ca8b4df", "GuestApp.request", mix));
        }
    },
    /** Barry Song's commit of v6.11. */
    ONE_FAULT(Effect.MINOR_FAULTS, 0, "zram", Variant.of(Policy.V5_19), Variant.of(Policy.V6_11), 512, 512) {
        @Override
        Account run(ReusePolicy rule, int size) {
            return new Load(2 * size + 64, 1, size, ZRAM, rule).readThenWrite();
        }

        @Override
        OptionalDouble kernels(Guests guests) {
            return guests.counter(TIMELINE, "Guest.writeAfterRead", Map.of("kernel", "6.12"), "minorFaults");
        }
    },
    /** Barry Song's series of v7.3. */
    FEWER_DRAINS(
            Effect.DRAINS, 537_262 / 796_661.0, "zram", Variant.of(Policy.V7_0), Variant.of(Policy.V7_3), 4096, 0) {
        @Override
        Account run(ReusePolicy rule, int size) {
            int accesses = PASSES * size;
            return new Load((int) (RESIDENT * size), 1, size, ZRAM, rule)
                    .replay(SyntheticStreams.uniform(size, accesses, 0.5, SEED), accesses, Price.ACCESS);
        }
    },
    /** David Hildenbrand's fork(2) of 1 GiB. */
    FORK_ENTRY(
            Effect.FORK_ENTRY,
            14.328e6 / (1 << 18),
            "nvme",
            Variant.of(Policy.V6_11),
            Variant.of(Policy.V6_11),
            16_384,
            1 << 18) {
        @Override
        Account run(ReusePolicy rule, int size) {
            return fork(rule, size);
        }
    },
    /** Redis's table of fork(2) times. */
    FORK_GIB(Effect.FORK_GIB, 12.8, "nvme", Variant.of(Policy.V5_9), Variant.of(Policy.V5_9), 16_384, 1_572_864) {
        @Override
        Account run(ReusePolicy rule, int size) {
            return fork(rule, size);
        }
    };

    /** How many times its smallest size a row is done at. */
    public static final List<Integer> FACTORS = List.of(1, 2, 4);

    private static final long SEED = 1;
    /** Accesses a page, of a stream that has no length of its own. */
    private static final int PASSES = 16;
    /** Share of pages that memory holds, where a publication says only that it is too small. */
    private static final double RESIDENT = 0.8;
    /** A limit of 100 GB for 125,403,303,936 bytes. */
    private static final double REDIS_RESIDENT = 100e9 / 125_403_303_936.0;
    /** 8653 hits and 90,889 misses a second. */
    private static final double REDIS_HITS = 8653.0 / (8653 + 90_889);
    /** A value of 2048 bytes with the header and the end of redis's string, in jemalloc's next size. */
    private static final int REDIS_VALUE = 2048 + 5;

    private static final int REDIS_PLACE = 2560;
    private static final int FORCESWAP_FRAMES = 1024;

    /** Writeback ends 256 operations after it began, as in churn; readahead is the kernel's default. */
    private static final MachineOptions DISK = new MachineOptions(256, false, false, 8, true, false);
    /** Answers at once, so the kernel reads nothing ahead; pages may change while it reads them. */
    private static final MachineOptions PMEM = new MachineOptions(MachineOptions.AT_ONCE, true, false, 1, true, false);

    private static final MachineOptions ZRAM = PMEM.synchronous(true);
    private static final String TIMELINE = "20261125-timeline";
    /** Begins the names of the results of 5.10 as it is, and with the rule of January 2022. */
    static final String REDIS = "20261128-redis-5.10.223-cowbench-";

    private final Effect effect;
    private final double published;
    private final String profile;
    private final Variant base;
    private final Variant head;
    private final int smallest;
    private final int publishedSize;
    private final Publication rounds;

    Publication(
            Effect effect,
            double published,
            String profile,
            Variant base,
            Variant head,
            int smallest,
            int publishedSize) {
        this.effect = effect;
        this.published = published;
        this.profile = profile;
        this.base = base;
        this.head = head;
        this.smallest = smallest;
        this.publishedSize = publishedSize;
        rounds = this;
    }

    /** Another number of what was done for one before it. */
    Publication(Effect effect, double published, Publication rounds) {
        this.effect = effect;
        this.published = published;
        this.rounds = rounds;
        profile = rounds.profile;
        base = rounds.base;
        head = rounds.head;
        smallest = rounds.smallest;
        publishedSize = rounds.publishedSize;
    }

    /** One page, out and in again and written, over and over. */
    private static Account forceswap(ReusePolicy rule, int rounds, MachineOptions device) {
        return new Load(FORCESWAP_FRAMES, 1, 1, device, rule).forceswap(rounds);
    }

    /** fork(2) of present pages. */
    private static Account fork(ReusePolicy rule, int pages) {
        return new Load(2 * pages, 2, pages, DISK, rule).fork();
    }

    /** pmbench with four reads a write, a share of its pages in memory. */
    static Account pmbench(ReusePolicy rule, int size, double resident) {
        int accesses = PASSES * size;
        return new Load((int) (resident * size), 1, size, DISK, rule)
                .replay(SyntheticStreams.uniform(size, accesses, 0.2, SEED), accesses, Price.ACCESS);
    }

    /** memtier with ten GETs a SET of values of 2048 bytes, a share of the pages in memory. */
    static Account redis(ReusePolicy rule, int values, int requests, double hits, double resident) {
        RequestStream stream = SyntheticStreams.keyValue(values, requests, 10, hits, REDIS_VALUE, REDIS_PLACE, SEED);
        int pages = stream.accesses().pages();
        return new Load((int) (resident * pages), 1, pages, DISK, rule)
                .replay(stream.accesses(), stream.requests(), Price.REQUEST);
    }

    /** Whose rounds its number is of: its own, or those of one before it. */
    Publication rounds() {
        return rounds;
    }

    /** Does it to a machine of one rule. */
    abstract Account run(ReusePolicy rule, int size);

    /** The effect on real kernels, where a committed result has one. */
    OptionalDouble kernels(Guests guests) {
        return OptionalDouble.empty();
    }

    /**
     * What reports call it.
     *
     * @return a word of lower case and dashes
     */
    public String id() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /**
     * Its number's kind.
     *
     * @return the effect
     */
    public Effect effect() {
        return effect;
    }

    /**
     * Its number as published.
     *
     * @return in the effect's unit
     */
    public double published() {
        return published;
    }

    /**
     * The profile of the device that it was published for.
     *
     * @return one of {@link Profile#SHIPPED}
     */
    public String profile() {
        return profile;
    }

    /**
     * What is compared.
     *
     * @return the first rule
     */
    public Variant base() {
        return base;
    }

    /**
     * What it is compared with.
     *
     * @return the second rule, the same as the first where an effect is of one
     */
    public Variant head() {
        return head;
    }

    /**
     * How large it is done.
     *
     * @param factor one of {@link #FACTORS}
     * @return pages, or rounds
     */
    int size(int factor) {
        return smallest * factor;
    }

    /**
     * How large it was published.
     *
     * @return pages, or rounds; 0 where that is not told
     */
    public int publishedSize() {
        return publishedSize;
    }
}
