package org.cowbench.published;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.cowbench.arena.ArenaSpec;
import org.cowbench.arena.PageArena;
import org.cowbench.machine.Machine;
import org.cowbench.machine.MachineOptions;
import org.cowbench.policy.Policy;
import org.junit.jupiter.api.Test;

class AccountTest {

    private static Profile prices(double... nanos) {
        List<String> lines = Arrays.stream(Price.values())
                .map(price -> price + " = " + (price.ordinal() < nanos.length ? nanos[price.ordinal()] : 0) + ", test")
                .toList();
        return Profile.parse("test", "test", lines);
    }

    @Test
    void pricesAreAdded() {
        Account account = new Account(4, Map.of(Price.REQUEST, 4L, Price.ACCESS, 2L, Price.MINOR, 0L));
        assertThat(account.nanos(prices(10, 100, 1000))).isEqualTo(10 + 50);
        assertThat(account.perSecond(prices(10, 100, 1000))).isCloseTo(1e9 / 60, within(1e-6));
        assertThat(account.counts()).containsOnlyKeys(Price.REQUEST, Price.ACCESS);
        assertThatIllegalArgumentException().isThrownBy(() -> new Account(0, Map.of()));
        assertThatIllegalArgumentException().isThrownBy(() -> new Account(1, Map.of(Price.COPY, -1L)));
    }

    /** A page written, out, back by reading and written again, and one more that only appears: what v5.9 does by hand. */
    @Test
    void everythingThatTheMachineDidIsCounted() {
        try (PageArena arena = PageArena.allocate(ArenaSpec.roomy(1, 3, 1, 0, 15, 8))) {
            MachineOptions options = new MachineOptions(MachineOptions.AT_ONCE, true, false, 1, true, false);
            Machine machine = new Machine(arena, Policy.V5_9.rule(), options);
            Meter meter = new Meter(machine);
            machine.write(0, 2, 1);
            meter.start();
            machine.write(0, 0, 1);
            machine.pageout(0, 0);
            machine.read(0, 0);
            machine.write(0, 0, 2);
            machine.read(0, 1);
            machine.write(0, 1, 3);
            meter.stop();
            machine.write(0, 2, 2);
            Account account = meter.account(2, Map.of(Price.ENTRY, 7L));
            assertThat(account.counts())
                    .isEqualTo(Map.of(
                            Price.MINOR, 4L, // written, copied, the page of zeroes read, and written
                            Price.MAJOR, 1L,
                            Price.READ, 1L,
                            Price.WRITE, 1L,
                            Price.COPY, 1L,
                            Price.ZERO, 2L,
                            Price.DRAIN, 1L,
                            Price.FLUSH, 2L,
                            Price.ENTRY, 7L));
            assertThat(account.each(Price.MINOR)).isEqualTo(2);
        }
    }
}
