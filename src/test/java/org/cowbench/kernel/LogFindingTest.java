package org.cowbench.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LogFindingTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "BUG: Bad page state in process probe  pfn:05b1c",
                "BUG: Bad page map in process probe  pte:800000000 pmd:01",
                "BUG: Bad rss-counter state mm:00000000a1 type:MM_ANONPAGES val:1",
                "BUG: non-zero pgtables_bytes on freeing mm: 4096",
                "BUG: KASAN: use-after-free in do_wp_page+0x1/0x2",
                "BUG: KFENCE: out-of-bounds read in x",
                "BUG kmalloc-64 (Not tainted): Poison overwritten",
                "watchdog: BUG: soft lockup - CPU#0 stuck for 22s!",
                "kernel BUG at mm/memory.c:3100!",
                "WARNING: CPU: 0 PID: 1 at mm/memory.c:3100 do_wp_page+0x10/0x20",
                "WARNING: mm/memory.c:3100 at do_wp_page+0x10/0x20, CPU#0: probe/71",
                "WARNING: possible circular locking dependency detected",
                "WARNING: suspicious RCU usage",
                "INFO: possible recursive locking detected",
                "INFO: task probe:71 blocked for more than 120 seconds.",
                "rcu: INFO: rcu_preempt self-detected stall on CPU",
                "UBSAN: shift-out-of-bounds in mm/x.c:3:4",
                "Oops: 0002 [#1] SMP PTI",
                "invalid opcode: 0000 [#1] SMP PTI",
                "general protection fault, probably for non-canonical address 0xdead: 0000 [#1] PREEMPT",
                "Kernel panic - not syncing: Fatal exception",
                "_swap_info_get: Unused swap offset entry 00000003",
                "get_swap_device: Bad swap file entry 3ffffffffffff",
                "list_del corruption. prev->next should be x"
            })
    void saysThatSomethingIsWrong(String line) {
        assertThat(LogFinding.sign(line)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Spectre V2 : WARNING: Unprivileged eBPF is enabled with eIBRS on",
                "Debug: sleeping well",
                "Call Trace:",
                "page:0000000012 refcount:1 mapcount:0",
                "printk: console [ttyS0] enabled",
                "systemd[1]: BUGS are listed at https://example.org",
                "virtio_blk: module verification failed: signature and/or required key missing - tainting kernel",
                "INFO: lkdtm is not here"
            })
    void saysNothingOfTheKind(String line) {
        assertThat(LogFinding.sign(line)).isFalse();
    }

    @Test
    void reportsOfOneKindHaveOneSignature() {
        assertThat(LogFinding.signature("BUG: Bad rss-counter state mm:00000000a1b2 type:MM_ANONPAGES val:1"))
                .isEqualTo(LogFinding.signature("BUG: Bad rss-counter state mm:00000000ffff type:MM_ANONPAGES val:-3"))
                .isNotEqualTo(
                        LogFinding.signature("BUG: Bad rss-counter state mm:00000000a1b2 type:MM_SWAPENTS val:1"));
    }
}
