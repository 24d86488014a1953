package org.llavacluster.model.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class MachineMemoryTest {

    private static final List<String> LINES =
            List.of("MemTotal:       24684144 kB", "MemFree:         3006464 kB", "MemAvailable:   21175296 kB");

    @Test
    void shouldReadWhatIsAvailable() {
        assertThat(MachineMemory.available(LINES, 24_684_144L << 10)).isEqualTo(21_175_296L << 10);
    }

    @Test
    void shouldNotSeeMoreThanAContainerHas() {
        assertThat(MachineMemory.available(LINES, 1L << 30)).isEqualTo(1L << 30);
    }

    @Test
    void shouldTakeAllForAvailableWhereThatIsNotSaid() {
        assertThat(MachineMemory.available(LINES.subList(0, 2), 5)).isEqualTo(5);
        assertThat(MachineMemory.available(List.of("MemAvailable:", "MemAvailable: -1 kB"), 5))
                .isEqualTo(5);
    }

    @Test
    void shouldFindNoMoreThanThereIsOnThisMachine() {
        assertThat(MachineMemory.bytesAvailableNow()).isPositive().isLessThanOrEqualTo(MachineMemory.bytes());
    }
}
