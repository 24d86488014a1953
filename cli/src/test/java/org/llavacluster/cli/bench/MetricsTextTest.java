package org.llavacluster.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MetricsTextTest {

    private final MetricsText metrics = new MetricsText("""
            # TYPE llava_decoder_step_rows counter
            llava_decoder_step_rows_total{kind="prefill",node="a"} 591.0
            llava_decoder_step_rows_total{kind="prefill",node="b"} 1.2E3
            llava_decoder_step_rows_total{kind="decode",node="a"} 64.0
            llava_decoder_step_rows_total_more{kind="prefill"} 5.0
            llava_requests_completed_total 7.0
            """);

    @Test
    void shouldAddUpSamplesWithThatLabel() {
        assertThat(metrics.sum("llava_decoder_step_rows_total", "kind=\"prefill\""))
                .isEqualTo(1791);
        assertThat(metrics.sum("llava_decoder_step_rows_total")).isEqualTo(1855);
    }

    @Test
    void shouldReadSamplesWithoutLabels() {
        assertThat(metrics.sum("llava_requests_completed_total")).isEqualTo(7);
        assertThat(metrics.find("llava_requests_completed", "")).isEmpty();
    }
}
