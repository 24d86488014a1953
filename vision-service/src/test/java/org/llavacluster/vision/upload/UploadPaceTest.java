package org.llavacluster.vision.upload;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Holds the limits {@code FixedLimits.UPLOAD_WINDOW_BYTES} and {@code FixedLimits.UPLOAD_TIME}. */
class UploadPaceTest {

    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private final UploadPace pace = new UploadPace();

    @Test
    void shouldCountBytesNotMessages() {
        for (int second = 0; second < 10; second++) {
            pace.asked(second * SECOND);
            pace.came(1, (second + 1) * SECOND);
        }
        assertThat(pace.isExpired(10 * SECOND)).isTrue();
    }

    @Test
    void shouldLetAFileComeAtTheLeastRate() {
        pace.asked(0);
        pace.came(UploadPace.WINDOW_BYTES, 10 * SECOND);
        assertThat(pace.isExpired(10 * SECOND)).isFalse();
        pace.asked(10 * SECOND);
        pace.came(UploadPace.WINDOW_BYTES - 1, 20 * SECOND);
        assertThat(pace.isExpired(20 * SECOND)).isTrue();
    }

    @Test
    void shouldEndAFileThatTakesTooLong() {
        for (int window = 0; window < 6; window++) {
            assertThat(pace.isExpired(window * 10 * SECOND))
                    .as("window " + window)
                    .isFalse();
            pace.asked(window * 10 * SECOND);
            pace.came(1 << 20, (window + 1) * 10 * SECOND);
        }
        assertThat(pace.isExpired(60 * SECOND)).isTrue();
    }

    @Test
    void shouldNotCountTheTimeInWhichTheNodeHoldsTheClientBack() {
        pace.asked(0);
        pace.came(1, SECOND);
        assertThat(pace.isExpired(3_600 * SECOND)).isFalse();
        assertThat(pace.nextLookNanos()).isEqualTo(9 * SECOND);
    }
}
