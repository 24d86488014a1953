package org.llavacluster.engine.tensorflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.llavacluster.engine.Backend;
import org.llavacluster.engine.DType;
import org.llavacluster.engine.HostTensor;
import org.llavacluster.engine.KvLayout;
import org.llavacluster.engine.KvStep;
import org.llavacluster.engine.LoadedModel;
import org.llavacluster.engine.Weights;
import org.llavacluster.engine.contract.RandomTensors;
import org.llavacluster.engine.contract.SmallDecoder;
import org.tensorflow.proto.ConfigProto;

/** What only this backend promises: what crosses its border, and what it gives back. */
class TensorFlowModelTest {

    private static final SmallDecoder DECODER = new SmallDecoder(2, 4, 2, 8, 48, 1000);
    private static final Weights WEIGHTS = RandomTensors.weights(1, DType.F32, List.of(DECODER.program()));

    @Test
    void shouldMoveOnlyIdsAndTablesInAndLogitsOutOfADecodeStep() {
        KvLayout layout = DECODER.layout(64, 16, DType.F32);
        try (Backend backend = new TensorFlowBackend(1);
                LoadedModel model = load(backend, layout)) {
            int[] blocks = IntStream.range(0, 20).toArray();
            step(model, new KvStep.Part(0, 40, blocks)).close();
            LoadedModel.Traffic before = model.traffic();
            step(model, new KvStep.Part(40, 1, blocks)).close();
            LoadedModel.Traffic after = model.traffic();
            // Id, position, slot, start, end, the row's cell and the cell's row; the three blocks in use.
            assertThat(after.fedBytes() - before.fedBytes()).isEqualTo(4 * (7 + 3));
            assertThat(after.fetchedBytes() - before.fetchedBytes()).isEqualTo(4L * DECODER.vocabulary());
        }
    }

    @Test
    void shouldGiveBackWhatAStepTakes() throws IOException {
        KvLayout layout = DECODER.layout(16, 16, DType.BF16);
        int[] blocks = IntStream.range(0, 16).toArray();
        try (Backend backend = new TensorFlowBackend(1);
                LoadedModel model = load(backend, layout)) {
            long before = 0;
            for (int i = 0; i < 800; i++) {
                if (i == 200) {
                    before = anonymousBytes();
                }
                // 800 KB of logits: 480 MB over the counted steps, were they kept.
                step(model, new KvStep.Part(0, 200, blocks)).close();
            }
            assertThat(anonymousBytes() - before).isLessThan(120L << 20);
        }
    }

    @Test
    void shouldGiveBackWhatAModelTakes() throws IOException {
        SmallDecoder wide = new SmallDecoder(1, 4, 4, 64, 1024, 12_000);
        Weights weights = RandomTensors.weights(1, DType.F32, List.of(wide.program()));
        KvLayout layout = wide.layout(512, 16, DType.F32);
        try (Backend backend = new TensorFlowBackend(1)) {
            long before = 0;
            for (int i = 0; i < 12; i++) {
                if (i == 4) {
                    before = anonymousBytes();
                }
                // 16 MB of weights and 17 MB of cache: 260 MB over the counted loads, were they kept.
                try (LoadedModel model = backend.load(List.of(wide.program()), weights, Optional.of(layout))) {
                    step(model, new KvStep.Part(0, 4, new int[] {3})).close();
                }
            }
            assertThat(anonymousBytes() - before).isLessThan(80L << 20);
        }
    }

    @Test
    void shouldTakeTheMemoryOfTheCacheWhenItLoadsAndOnlyOnce() throws IOException {
        KvLayout layout = DECODER.layout(16_384, 16, DType.F32);
        long cache = layout.blockBytes() * layout.blocks();
        assertThat(cache).isEqualTo(64L << 20);
        try (Backend backend = new TensorFlowBackend(1)) {
            long before = anonymousBytes();
            try (LoadedModel model = load(backend, layout)) {
                long loaded = anonymousBytes();
                assertThat(loaded - before).isGreaterThan(cache * 3 / 4);
                step(model, new KvStep.Part(0, 4, new int[] {3})).close();
                assertThat(anonymousBytes() - loaded).isLessThan(cache / 2);
            }
        }
    }

    @Test
    void shouldFailRatherThanTouchMemoryThatWasGivenBack() {
        try (Backend backend = new TensorFlowBackend(1)) {
            LoadedModel model = load(backend, DECODER.layout(4, 16, DType.F32));
            LoadedModel.Outputs outputs = step(model, new KvStep.Part(0, 1, new int[] {0}));
            MemorySegment logits = outputs.get("logits").bytes();
            assertThat(logits.isReadOnly()).isTrue();
            outputs.close();
            outputs.close();
            assertThatThrownBy(() -> logits.getAtIndex(HostTensor.FLOAT, 0)).isInstanceOf(IllegalStateException.class);

            HostTensor ids = backend.allocate(DType.I32, 1);
            ids.bytes().fill((byte) 0);
            ids.close();
            Map<String, HostTensor> inputs = Map.of("ids", ids, "positions", HostTensor.heap(DType.I32, 1));
            KvStep step = new KvStep(List.of(new KvStep.Part(0, 1, new int[] {0})));
            assertThatThrownBy(() -> model.run("decode", inputs, step)).isInstanceOf(IllegalStateException.class);

            model.close();
            assertThatThrownBy(() -> step(model, new KvStep.Part(0, 1, new int[] {0})))
                    .isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void shouldLoadAlikeInOneRunOrInMany() {
        Optional<KvLayout> layout = Optional.of(DECODER.layout(4, 16, DType.F32));
        try (Backend backend = new TensorFlowBackend(1);
                LoadedModel one = backend.load(List.of(DECODER.program()), WEIGHTS, layout);
                LoadedModel many = new TensorFlowModel(
                        List.of(DECODER.program()), WEIGHTS, layout, ConfigProto.getDefaultInstance(), 1)) {
            KvStep.Part part = new KvStep.Part(0, 5, new int[] {2});
            try (LoadedModel.Outputs expected = step(one, part);
                    LoadedModel.Outputs actual = step(many, part)) {
                assertThat(actual.get("logits").toFloats())
                        .isEqualTo(expected.get("logits").toFloats());
            }
        }
    }

    @Test
    void shouldSayWhatItComputesWith() {
        try (Backend backend = new TensorFlowBackend(1)) {
            assertThat(backend.name()).isEqualTo("tensorflow");
            assertThat(backend.kernelVersion())
                    .startsWith("tensorflow-2.")
                    .contains(TensorFlowBackend.seesGpu() ? "-gpu" : "-cpu");
        }
        assertThatThrownBy(() -> new TensorFlowBackend(0)).isInstanceOf(IllegalArgumentException.class);
    }

    private static LoadedModel load(Backend backend, KvLayout layout) {
        return backend.load(List.of(DECODER.program()), WEIGHTS, Optional.of(layout));
    }

    private static LoadedModel.Outputs step(LoadedModel model, KvStep.Part part) {
        int[] positions =
                IntStream.range(part.start(), part.start() + part.rows()).toArray();
        int[] ids = Arrays.stream(positions).map(p -> p * 7 % 1000).toArray();
        Map<String, HostTensor> inputs = Map.of(
                "ids", HostTensor.ofInts(ids, ids.length), "positions", HostTensor.ofInts(positions, ids.length));
        return model.run("decode", inputs, new KvStep(List.of(part)));
    }

    /** Memory of this process that no file backs; its own garbage is little beside the bounds used here. */
    private static long anonymousBytes() throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
            if (line.startsWith("RssAnon:")) {
                return Long.parseLong(line.replaceAll("[^0-9]", "")) << 10;
            }
        }
        throw new IOException("no RssAnon");
    }
}
