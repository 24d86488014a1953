package org.llavacluster.scheduling.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.llavacluster.scheduling.name.ContentDigest;
import org.llavacluster.scheduling.worker.WorkerNode;
import org.llavacluster.scheduling.worker.WorkerRole;
import org.llavacluster.scheduling.worker.Workers;

class VisionBatcherTest {

    private static final long NEVER = 1L << 60;

    /** Batches of 4 tiles, 1 in flight, 10 ns at an idle node, 100 ns at a busy one. */
    private final VisionBatcher batcher = new VisionBatcher(new BatchRules(4, 1, 10, 100, 0.5));

    private final WorkerNode node = Workers.node(Workers.report(WorkerRole.VISION, "vision", 1));
    private long keys;

    private EncodeFlight flight(long now, int tiles) {
        ImageSpec image = new ImageSpec(new ContentDigest(keys++, 0, 0, 0), tiles, 5);
        EncodeFlight flight = new EncodeFlight(image, Workers.IDENTITY);
        flight.assign(now, node);
        return flight;
    }

    private EncodeFlight add(long now, int tiles, long deadline) {
        EncodeFlight flight = flight(now, tiles);
        batcher.add(now, flight, deadline);
        return flight;
    }

    private List<List<EncodeFlight>> leave(long now) {
        return batcher.leave(now).stream().map(VisionBatcher.Departure::flights).toList();
    }

    @Test
    void shouldLeaveWhenFull() {
        EncodeFlight a = add(0, 2, NEVER);
        assertThat(leave(0)).isEmpty();
        EncodeFlight b = add(1, 2, NEVER);
        assertThat(leave(1)).containsExactly(List.of(a, b));
        assertThat(batcher.waiting()).isZero();
    }

    @Test
    void shouldLeaveWhenTheOldestImagesSlackIsUsedUp() {
        EncodeFlight a = add(0, 1, NEVER);
        EncodeFlight b = add(9, 1, NEVER);
        assertThat(batcher.dueNanos()).isEqualTo(10);
        assertThat(leave(9)).isEmpty();
        assertThat(leave(10)).containsExactly(List.of(a, b));
    }

    @Test
    void shouldNotWaitLongerThanItsShareOfTheTimeToTheDeadline() {
        add(0, 1, NEVER);
        add(2, 1, 8);
        assertThat(batcher.dueNanos()).isEqualTo(5);
    }

    @Test
    void shouldFillTheNextBatchWhileTheNodeIsBusy() {
        EncodeFlight a = add(0, 4, NEVER);
        assertThat(leave(0)).containsExactly(List.of(a));
        EncodeFlight b = add(1, 4, NEVER);
        EncodeFlight c = add(1, 1, NEVER);
        assertThat(leave(1_000)).as("one in flight").isEmpty();
        batcher.landed(1_001, node);
        assertThat(leave(1_001)).containsExactly(List.of(b));
        batcher.landed(1_002, node);
        assertThat(leave(1_002)).containsExactly(List.of(c));
    }

    @Test
    void shouldSendALargeImageAlone() {
        EncodeFlight a = add(0, 1, NEVER);
        EncodeFlight b = add(0, 9, NEVER);
        assertThat(leave(0)).as("a batch that takes no more is full").containsExactly(List.of(a));
        batcher.landed(1, node);
        assertThat(leave(1)).containsExactly(List.of(b));
    }

    @Test
    void shouldLeaveOutAnImageThatNobodyWaitsFor() {
        EncodeFlight a = add(0, 1, NEVER);
        EncodeFlight b = add(0, 1, NEVER);
        batcher.remove(a);
        assertThat(leave(10)).containsExactly(List.of(b));
        EncodeFlight c = add(20, 1, NEVER);
        batcher.remove(c);
        assertThat(batcher.dueNanos()).isEqualTo(Long.MAX_VALUE);
        assertThat(batcher.waiting()).isZero();
    }

    @Test
    void shouldForgetANodeThatIsGone() {
        add(0, 1, NEVER);
        batcher.lost(node);
        assertThat(leave(1_000)).isEmpty();
        assertThat(batcher.waiting()).isZero();
        batcher.landed(1_000, node);
    }
}
