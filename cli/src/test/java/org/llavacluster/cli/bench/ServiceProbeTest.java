package org.llavacluster.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ServiceProbeTest {

    @Test
    void shouldReadTheResidentMemoryOfAProcess() {
        assertThat(ServiceProbe.residentBytes("Name:\tjava\nVmHWM:\t  900 kB\nVmRSS:\t  512 kB\nThreads:\t9\n"))
                .hasValue(512 << 10);
        assertThat(ServiceProbe.residentBytes("Name:\tjava\n")).isEmpty();
    }

    @Test
    void shouldAddUpSamplesWithThatLabel() {
        String metrics = """
                # TYPE llava_decoder_step_rows counter
                llava_decoder_step_rows_total{kind="prefill",node="a"} 591.0
                llava_decoder_step_rows_total{kind="prefill",node="b"} 1.2E3
                llava_decoder_step_rows_total{kind="decode",node="a"} 64.0
                llava_decoder_step_rows_total_more{kind="prefill"} 5.0
                """;

        assertThat(ServiceProbe.sum(metrics, "llava_decoder_step_rows_total", "kind=\"prefill\""))
                .isEqualTo(1791);
    }
}
