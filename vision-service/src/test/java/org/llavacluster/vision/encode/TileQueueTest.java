package org.llavacluster.vision.encode;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.opentelemetry.api.trace.SpanContext;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.llavacluster.engine.DType;
import org.llavacluster.engine.HostTensor;
import org.llavacluster.modelio.image.ImageLayout;

class TileQueueTest {

    private final TileQueue queue = new TileQueue(8);

    private static PreparedImage tiles(int tiles) {
        ImageLayout layout = new ImageLayout(tiles, 0, 0, new int[] {0});
        EncodeJob job = new EncodeJob(
                new Requester("", "", "", ""),
                ByteString.EMPTY,
                new byte[0],
                1,
                1,
                1,
                layout,
                SpanContext.getInvalid(),
                new FakePendingTensor(),
                () -> {});
        return new PreparedImage(job, HostTensor.heap(DType.F32, 0));
    }

    private List<Integer> take() throws InterruptedException {
        return queue.take().stream().map(PreparedImage::tiles).toList();
    }

    @Test
    void shouldTakeWhatFitsInOrder() throws InterruptedException {
        for (int tiles : new int[] {3, 5, 1, 7, 7, 1}) {
            assertThat(queue.add(tiles(tiles))).isTrue();
        }
        assertThat(take()).containsExactly(3, 5);
        assertThat(take()).containsExactly(1, 7);
        assertThat(take()).containsExactly(7, 1);
    }

    @Test
    void shouldLetAnImageWithMoreTilesThanTheLimitGoAlone() throws InterruptedException {
        queue.add(tiles(1));
        queue.add(tiles(20));
        queue.add(tiles(1));
        assertThat(take()).containsExactly(1);
        assertThat(take()).containsExactly(20);
        assertThat(take()).containsExactly(1);
    }

    @Test
    void shouldHandOverWhatIsLeftAndWakeTheEngineWhenItCloses() throws Exception {
        FutureTask<List<PreparedImage>> engine = new FutureTask<>(queue::take);
        Thread.ofPlatform().daemon().start(engine);
        queue.add(tiles(2));
        assertThat(engine.get(10, TimeUnit.SECONDS)).hasSize(1);

        FutureTask<List<PreparedImage>> waiting = new FutureTask<>(queue::take);
        Thread.ofPlatform().daemon().start(waiting);
        assertThat(queue.close()).isEmpty();
        assertThat(waiting.get(10, TimeUnit.SECONDS)).isEmpty();
        assertThat(queue.add(tiles(1))).isFalse();

        TileQueue full = new TileQueue(8);
        full.add(tiles(3));
        assertThat(full.close()).hasSize(1);
        assertThat(full.take()).isEmpty();
    }
}
