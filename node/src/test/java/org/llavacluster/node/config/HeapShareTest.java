package org.llavacluster.node.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class HeapShareTest {

    private static final long MIB = 1L << 20;

    @Test
    void shouldTakeTheUsualSizeWhereTheHeapHoldsIt() {
        assertThat(HeapShare.atMost(256 * MIB, 4, 1088 * MIB)).isEqualTo(256 * MIB);
        assertThat(HeapShare.atMost(256 * MIB, 4, Long.MAX_VALUE)).isEqualTo(256 * MIB);
    }

    @Test
    void shouldTakeAPartOfASmallerHeap() {
        assertThat(HeapShare.atMost(256 * MIB, 4, 1087 * MIB))
                .isLessThan(256 * MIB)
                .isGreaterThan(255 * MIB);
        assertThat(HeapShare.atMost(256 * MIB, 4, 192 * MIB)).isEqualTo(32 * MIB);
        assertThat(HeapShare.atMost(256 * MIB, 4, 32 * MIB)).isEqualTo(MIB);
    }

    /** A body in six times its size, images that clients put, and messages of the gRPC port. */
    @Test
    void shouldLeaveHeapBesideTheBudgetsOfTheGateway() {
        for (long heap : new long[] {192 * MIB, 500 * MIB, 1088 * MIB}) {
            long budgets = 6 * HeapShare.atMost(64 * MIB, 16, heap) + HeapShare.atMost(256 * MIB, 4, heap) + heap / 4;
            assertThat(heap - budgets).as("heap of " + heap / MIB + " MiB").isGreaterThanOrEqualTo(64 * MIB);
        }
    }
}
