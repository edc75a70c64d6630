package org.cowbench.report.published;

import org.cowbench.published.Effect;
import org.cowbench.published.Publication;

/**
 * A publication in words.
 *
 * @param source commit, mail or document
 * @param figures what it says
 * @param setting what the model does instead, and what of it was not told
 * @param unit what its size counts
 * @param why why the two differ, or do not
 */
record PublishedWording(String source, String figures, String setting, String unit, String why) {

    static PublishedWording of(Publication publication) {
        return switch (publication) {
            case IDLE_SWAP_CACHE ->
                new PublishedWording(
                        "f4c4a3f48480, 20210601053143.1380078-1-ying.huang@intel.com",
                        "pmbench score up to +23.8 %, working set larger than memory, NVMe",
                        "four reads a write, uniform, as in his pmbench of 20 May 2020"
                                + " (20200520031502.175659-1-ying.huang@intel.com), and 80 % of the pages in memory, a"
                                + " share that is not published.",
                        "pages",
                        "the share. At 60 % of the pages in memory the model has 1.06, at 90 % 1.30: what a copy leaves"
                                + " behind is then a larger part of what can be evicted. Published is an \"up to\".");
            case FORCESWAP ->
                new PublishedWording(
                        "Nadav Amit, 0480D692-D9B2-429A-9A88-9BBA1331AC3A@gmail.com",
                        "forceswap 2 100000 1, 1606 cycles a write fault on v5.8, 10534 after, in a guest, swap on pmem"
                                + " that is emulated",
                        "one page: MADV_PAGEOUT, a read, a write; the write alone is counted.",
                        "rounds",
                        "the flush. 1500 ns is a machine's, presumably more in a guest, where the interrupt goes"
                            + " through the hypervisor: at 2907 ns the row would say what was published. Kernels: the"
                            + " write's instructions, 5.10 by 6.1, on one CPU, which has no other to flush.");
            case SHOOTDOWNS ->
                new PublishedWording(
                        "Nadav Amit, the same mail",
                        "399,935 remote flushes (nr_tlb_remote_flush) in 100,000 rounds of forceswap after v5.8,"
                                + " 300,000 on v5.8, 99,935 more",
                        "as forceswap; flushes of the write alone.",
                        "rounds",
                        "65 rounds. A copy is a flush here, and a reuse is none.");
            case WRITEBACK ->
                new PublishedWording(
                        "Nadav Amit on linux-mm, January 2022; the mail was not found again, and d4c470970d45 says it"
                                + " without a number",
                        "99,974 of 100,000 rounds of forceswap copy while the page is under writeback",
                        "as forceswap, on a disk whose writeback ends 256 operations after it began.",
                        "rounds",
                        "the 26 other rounds, presumably because the device was done first. Here writeback never ends"
                                + " in time.");
            case LRU_BATCH ->
                new PublishedWording(
                        "David Hildenbrand on linux-mm, 20 January 2022; the drain became d4c470970d45",
                        "forceswap 2 1000000 1 without the drain, anon_wp_copy_count_early 983396, anon_wp_reuse 1799",
                        "as forceswap, under the rule without a drain (linus) and with it (v5.18).",
                        "rounds",
                        "the rounds that reused, presumably because other work of that CPU had emptied the batch. Here"
                                + " there is none.");
            case LIANG ->
                new PublishedWording(
                        "20220113140318.11117-1-zhangliang5@huawei.com",
                        "109497 to 155428 Ops/sec, redis in 16 virtual machines under memtier, 125 GB limited to 100"
                                + " GB, NVMe",
                        "memtier's ten GETs a SET of values of 2048 bytes, keys uniform, 8.7 % of the GETs find theirs,"
                                + " 79.7 % of the pages in memory, all as published; one process.",
                        "pages",
                        "the reads, as measured: of ten GETs a SET that all find their key, redis in guests of 5.10"
                            + " reads 1.66 times the pages without the rule, the model 1.18 times; with it 0.25 a"
                            + " request, the model 0.29. With 1.66 in the place of what the model reads here the same"
                            + " prices give 1.51, 9 points from what was published. Kernels find what a copy leaves"
                            + " behind later than the model, presumably because pages that come back from swap get"
                            + " onto the active list (workingset refault; the model has none). Kernels: requests an"
                            + " instruction of that load, without any wait for the device.");
            case ONE_FAULT ->
                new PublishedWording(
                        "c18160dba5ff, 20240531104819.140218-1-21cnbao@gmail.com",
                        "512 pages out, read and written, 512 minor and 512 major faults before, 0 and 512 after",
                        "the same on zram.",
                        "pages",
                        "nothing differs. Kernels: faults of the write on 6.12; 6.1 has 1.");
            case FEWER_DRAINS ->
                new PublishedWording(
                        "20260701235955.36126, lkml.iu.edu/2606.1/08701",
                        "796,661 to 537,262 drains in a kernel build of 20 threads, 800 MB, zram",
                        "one process, uniform, half of the accesses writes, memory for 80 % of the pages: not a build.",
                        "pages",
                        "the load. Here one process runs on, so a drain is either a write fault's, and all of those go,"
                                + " or reclaim's, and all of those stay. A build drains too whenever a process unmaps"
                                + " memory or ends, which the series leaves as it was; how often is not published.");
            case FORK_ENTRY ->
                new PublishedWording(
                        "20240125193227.444072-1-david@redhat.com",
                        "fork(2) of 1 GiB of base pages takes 14.328 ms on a Xeon Silver 4210R, 54.7 ns an entry",
                        "fork(2) of a process whose pages are all in memory.",
                        "pages",
                        "the price is the instructions of 5.10 in a guest, each taken for as long as one of a fault; a"
                                + " cache miss a page is not in it.");
            case FORK_GIB ->
                new PublishedWording(
                        "redis.io, Diagnosing latency issues",
                        "fork(2) of a redis of 6.0 GB takes 77 ms on VMware, 12.8 ms a GB; other machines 9 to 23, old"
                                + " Xen 239",
                        "fork(2) of a process whose pages are all in memory.",
                        "pages",
                        "as for an entry; the account is the same.");
        };
    }

    /** What one policy's number is of. */
    static String unit(Effect effect) {
        return switch (effect) {
            case RATE -> "operations a second";
            case COST -> "ns";
            case COPIES -> "copies a round";
            case FLUSHES -> "flushes a round";
            case MINOR_FAULTS -> "minor faults a page";
            case DRAINS -> "drains";
            case FORK_ENTRY -> "ns an entry";
            case FORK_GIB -> "ms a GiB";
        };
    }

    /** What a second is full of. */
    static String load(Publication publication) {
        return publication == Publication.LIANG ? "Requests" : "Accesses";
    }
}
