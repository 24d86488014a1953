package org.llavacluster.gateway.entrance;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Holds the limits {@code FixedLimits.HTTP_EMPTY_FRAMES} and {@code FixedLimits.HTTP_WINDOW_UPDATES}. */
class FramePaceTest {

    private static final int PING = 6;

    private final FramePace pace = new FramePace();

    private boolean allows(int type, int length, int count, long now) {
        boolean allowed = true;
        for (int i = 0; i < count; i++) {
            allowed &= pace.allows(type, length, false, now);
        }
        return allowed;
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "2, 5", "3, 4", "4, 0", "4, 6", "6, 8", "9, 0", "200, 0"})
    void shouldAllowFramesThatCarryNothingUpToTheLimit(int type, int length) {
        assertThat(allows(type, length, FramePace.MAX_EMPTY - 1, 0)).isTrue();
        assertThat(allows(type, length, 1, FramePace.WINDOW_NANOS - 1)).isTrue();
        assertThat(allows(type, length, 1, FramePace.WINDOW_NANOS - 1)).isFalse();
    }

    @Test
    void shouldCountAnewInEachWindow() {
        assertThat(allows(PING, 8, FramePace.MAX_EMPTY, 5)).isTrue();
        assertThat(allows(PING, 8, FramePace.MAX_EMPTY, 5 + FramePace.WINDOW_NANOS))
                .isTrue();
        assertThat(allows(PING, 8, 1, 5 + FramePace.WINDOW_NANOS)).isFalse();
    }

    @Test
    void shouldAllowAsManyWindowUpdatesAsALongAnswerNeeds() {
        assertThat(allows(FramePace.WINDOW_UPDATE, 4, FramePace.MAX_WINDOW_UPDATES, 0))
                .isTrue();
        assertThat(allows(FramePace.WINDOW_UPDATE, 4, 1, 0)).isFalse();
    }

    @Test
    void shouldNotCountWhatCarriesSomething() {
        assertThat(allows(FramePace.DATA, 1, 100_000, 0)).isTrue();
        assertThat(allows(FramePace.HEADERS, 20, 100_000, 0)).isTrue();
        for (int i = 0; i < 2 * FramePace.MAX_EMPTY; i++) {
            assertThat(pace.allows(FramePace.DATA, 0, true, 0)).isTrue();
        }
    }
}
