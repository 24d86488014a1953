package org.llavacluster.model.vision;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.llavacluster.engine.Backend;
import org.llavacluster.engine.DType;
import org.llavacluster.engine.HostTensor;
import org.llavacluster.engine.LoadedModel;
import org.llavacluster.model.checkpoint.Checkpoint;
import org.llavacluster.model.fixture.Backends;
import org.llavacluster.model.fixture.Deviation;
import org.llavacluster.model.fixture.Fixture;

class VisionModelTest {

    private static final double BOUND = 2e-5;

    static Stream<Arguments> fixtures() {
        return Backends.with(List.of("llava-1.5-tiny", "llava-1.5-tiny-bf16-sharded"));
    }

    @ParameterizedTest
    @MethodSource("fixtures")
    void shouldGiveTheReferencesFeaturesOfEveryImage(Backends backends, String name) {
        Fixture fixture = Fixture.open(name);
        try (Backend backend = backends.open();
                Checkpoint checkpoint = fixture.checkpoint();
                VisionModel model = VisionModel.load(backend, fixture.config(), checkpoint)) {
            assertThat(fixture.images()).hasSize(11);
            for (String image : fixture.images()) {
                HostTensor pixels = fixture.golden(image + "/pixel_values", 1, 3, 84, 84);
                try (LoadedModel.Outputs outputs = model.encode(pixels)) {
                    HostTensor features = outputs.get(VisionProgram.FEATURES);
                    HostTensor golden = fixture.golden(image + "/vision_features");
                    assertThat(features.shape()).isEqualTo(golden.shape());
                    assertThat(Deviation.relative(features.toFloats(), golden.toFloats()))
                            .as(image)
                            .isLessThanOrEqualTo(BOUND);
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("fixtures")
    void shouldEncodeTilesOfABatchAsAlone(Backends backends, String name) {
        Fixture fixture = Fixture.open(name);
        List<String> images = List.of("scene.png", "wide.png", "portrait.png");
        HostTensor batch = HostTensor.heap(DType.F32, 3, 3, 84, 84);
        HostTensor golden = HostTensor.heap(DType.F32, 3 * 36, 48);
        for (int i = 0; i < images.size(); i++) {
            copy(fixture.golden(images.get(i) + "/pixel_values"), batch, i);
            copy(fixture.golden(images.get(i) + "/vision_features"), golden, i);
        }
        try (Backend backend = backends.open();
                VisionModel model = loadAndCloseCheckpoint(backend, fixture);
                LoadedModel.Outputs outputs = model.encode(batch)) {
            HostTensor features = outputs.get(VisionProgram.FEATURES);
            assertThat(Deviation.relative(features.toFloats(), golden.toFloats()))
                    .isLessThanOrEqualTo(BOUND);
        }
    }

    /** A loaded model does not need the files any more. */
    private static VisionModel loadAndCloseCheckpoint(Backend backend, Fixture fixture) {
        try (Checkpoint checkpoint = fixture.checkpoint()) {
            return VisionModel.load(backend, fixture.config(), checkpoint);
        }
    }

    private static void copy(HostTensor from, HostTensor to, int place) {
        long bytes = from.bytes().byteSize();
        to.bytes().asSlice(place * bytes, bytes).copyFrom(from.bytes());
    }
}
