package org.llavacluster.cli.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ServiceProcessTest {

    @Test
    void shouldShowWhatAStartingServiceWarnsOfAndAllThatAReadyOneSays() {
        String warning = "02:07:31.006 WARN  [PackedSource] packed weights cannot be written, going on without: "
                + "java.io.IOException: No space left on device";
        String note = "02:06:55.096 INFO  [DecoderApplication] KV cache: 256 tokens in 16 blocks";
        assertThat(ServiceProcess.isToBeShown(warning, false)).isTrue();
        assertThat(ServiceProcess.isToBeShown(note, false)).isFalse();
        assertThat(ServiceProcess.isToBeShown(note, true)).isTrue();
    }
}
