package org.llavacluster.vision.encode;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.opentelemetry.api.trace.SpanContext;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.llavacluster.engine.DType;
import org.llavacluster.engine.HostTensor;
import org.llavacluster.engine.LoadedModel;
import org.llavacluster.engine.reference.ReferenceBackend;
import org.llavacluster.model.fixture.Fixture;
import org.llavacluster.modelio.config.VisionConfig;
import org.llavacluster.modelio.image.ImageLayout;
import org.llavacluster.node.tensor.CachedTensor;
import org.llavacluster.worker.model.WireFormat;

class TileRunnerTest {

    private static final VisionConfig CONFIG =
            Fixture.open("llava-1.5-tiny").config().vision();
    private static final long PIXELS = 3 * 84 * 84;
    private static final int FEATURES = 36 * 48;

    private final List<Long> runs = new ArrayList<>();
    private int closed;

    /** Tile after tile; each feature is the tile's first pixel value. */
    private LoadedModel.Outputs encode(HostTensor pixels) {
        long tiles = pixels.shape()[0];
        runs.add(tiles);
        HostTensor features = HostTensor.heap(DType.F32, tiles * 36, 48);
        for (long i = 0; i < features.size(); i++) {
            features.bytes().setAtIndex(HostTensor.FLOAT, i, pixels.floatAt(i / FEATURES * PIXELS));
        }
        return new LoadedModel.Outputs() {
            @Override
            public HostTensor get(String name) {
                return features;
            }

            @Override
            public void close() {
                closed++;
            }
        };
    }

    private static PreparedImage image(String key, float... tiles) {
        HostTensor pixels = HostTensor.heap(DType.F32, tiles.length, 3, 84, 84);
        for (int i = 0; i < tiles.length; i++) {
            pixels.bytes().setAtIndex(HostTensor.FLOAT, i * PIXELS, tiles[i]);
        }
        ImageLayout layout = new ImageLayout(tiles.length, 0, 0, new int[] {0});
        return new PreparedImage(
                new EncodeJob(
                        new Requester("", "", "", ""),
                        ByteString.copyFromUtf8(key),
                        new byte[0],
                        1,
                        1,
                        1,
                        layout,
                        SpanContext.getInvalid(),
                        new FakePendingTensor(),
                        () -> {}),
                pixels);
    }

    private List<CachedTensor> run(PreparedImage... batch) {
        return new TileRunner(this::encode, CONFIG, WireFormat.F32, new ReferenceBackend()).run(List.of(batch));
    }

    @Test
    void shouldRunOneImageFromItsOwnMemory() {
        CachedTensor features = run(image("a", 7, 8)).getFirst();
        assertThat(features.layout().key().toStringUtf8()).isEqualTo("a");
        assertThat(features.layout().shape()).containsExactly(72L, 48L);
        assertThat(features.bytes().getAtIndex(HostTensor.FLOAT, FEATURES - 1)).isEqualTo(7);
        assertThat(features.bytes().getAtIndex(HostTensor.FLOAT, FEATURES)).isEqualTo(8);
        assertThat(runs).containsExactly(2L);
        assertThat(closed).isEqualTo(1);
    }

    @Test
    void shouldRunABatchAtOnceAndGiveEachImageItsOwnRows() {
        List<CachedTensor> features = run(image("a", 1), image("b", 2, 3, 4), image("c", 5));
        assertThat(runs).containsExactly(5L);
        assertThat(features)
                .extracting(tensor -> tensor.layout().key().toStringUtf8())
                .containsExactly("a", "b", "c");
        assertThat(features)
                .extracting(tensor -> tensor.layout().shape().getFirst())
                .containsExactly(36L, 108L, 36L);
        assertThat(features.get(0).bytes().toArray(HostTensor.FLOAT)).containsOnly(1);
        assertThat(features.get(1).bytes().getAtIndex(HostTensor.FLOAT, 0)).isEqualTo(2);
        assertThat(features.get(1).bytes().getAtIndex(HostTensor.FLOAT, 3 * FEATURES - 1))
                .isEqualTo(4);
        assertThat(features.get(2).bytes().toArray(HostTensor.FLOAT)).containsOnly(5);
        assertThat(closed).isEqualTo(1);
    }
}
