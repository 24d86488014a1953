package org.llavacluster.vision.encode;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.opentelemetry.api.trace.SpanContext;
import org.junit.jupiter.api.Test;
import org.llavacluster.modelio.image.ImageLayout;

class PreparationQueueTest {

    private static final long HUGE = 64_000_000;

    private static EncodeJob job(String requester, long pixels) {
        ImageLayout layout = new ImageLayout(1, 0, 0, new int[] {0});
        return new EncodeJob(
                new Requester("", "", "", requester),
                ByteString.EMPTY,
                new byte[0],
                pixels,
                1,
                1,
                layout,
                SpanContext.getInvalid(),
                new FakePendingTensor(),
                () -> {});
    }

    @Test
    void shouldKeepAThreadFreeOfLargeImages() {
        PreparationQueue line = new PreparationQueue(2);
        EncodeJob first = job("greedy", HUGE);
        EncodeJob second = job("greedy", HUGE);
        EncodeJob small = job("bystander", PreparationQueue.LARGE_PIXELS);
        line.add(first);
        line.add(second);
        assertThat(line.next()).contains(first);
        assertThat(line.next()).isEmpty();
        line.add(small);
        assertThat(line.next()).contains(small);
        assertThat(line.done(small)).isFalse();
        assertThat(line.done(first)).as("the second may go now").isTrue();
        assertThat(line.next()).contains(second);
        assertThat(line.done(second)).isFalse();
    }

    /** One unit of work, which already runs, and none of the seven that wait. */
    @Test
    void shouldPutABystanderBeforeTheSevenThatWaitWhereThereIsOneThread() {
        PreparationQueue line = new PreparationQueue(1);
        for (int i = 0; i < 8; i++) {
            line.add(job("greedy", HUGE));
        }
        EncodeJob running = line.next().orElseThrow();
        EncodeJob small = job("bystander", 1_024);
        line.add(small);
        line.done(running);
        assertThat(line.next()).contains(small);
        assertThat(line.clear()).hasSize(7);
    }
}
