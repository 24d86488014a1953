package org.llavacluster.scheduling.retry;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.llavacluster.scheduling.name.ContentDigest;

class RequestQuarantineTest {

    private static ContentDigest digest(long number) {
        return new ContentDigest(number, 0, 0, 0);
    }

    @Test
    void shouldKeepADigestForItsTime() {
        RequestQuarantine quarantine = new RequestQuarantine(600, 10);
        quarantine.add(1_000, digest(1));
        assertThat(quarantine.remainingNanos(1_000, digest(1))).hasValue(600);
        assertThat(quarantine.remainingNanos(1_599, digest(1))).hasValue(1);
        assertThat(quarantine.remainingNanos(1_600, digest(1))).isEmpty();
        assertThat(quarantine.remainingNanos(1_000, digest(2))).isEmpty();
    }

    @Test
    void shouldCompareAllBitsOfADigest() {
        RequestQuarantine quarantine = new RequestQuarantine(600, 10);
        quarantine.add(0, new ContentDigest(1, 2, 3, 4));
        assertThat(quarantine.remainingNanos(0, new ContentDigest(1, 2, 3, 5))).isEmpty();
        assertThat(quarantine.remainingNanos(0, ContentDigest.of(new ContentDigest(1, 2, 3, 4).toBytes())))
                .hasValue(600);
    }

    @Test
    void shouldHoldNoMoreThanItsBound() {
        RequestQuarantine quarantine = new RequestQuarantine(600, 3);
        for (int i = 0; i < 100; i++) {
            quarantine.add(i, digest(i));
        }
        assertThat(quarantine.size()).isEqualTo(3);
        assertThat(quarantine.remainingNanos(100, digest(99))).isPresent();
        quarantine.add(1_000, digest(7));
        assertThat(quarantine.size())
                .as("those whose time is over are forgotten")
                .isEqualTo(1);
    }
}
