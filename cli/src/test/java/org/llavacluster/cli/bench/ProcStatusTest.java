package org.llavacluster.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ProcStatusTest {

    @Test
    void shouldReadMemoryAndThreadsOfAProcess() {
        String status = "Name:\tjava\nVmHWM:\t  900 kB\nVmRSS:\t  512 kB\nThreads:\t9\n";

        assertThat(ProcStatus.parse(status, 30)).hasValue(new ProcStatus(512 << 10, 900 << 10, 9, 30));
        assertThat(ProcStatus.parse("Name:\tjava\nThreads:\t1\n", 0)).isEmpty();
    }
}
