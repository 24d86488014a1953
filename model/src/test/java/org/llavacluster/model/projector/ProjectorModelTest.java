package org.llavacluster.model.projector;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.llavacluster.engine.Backend;
import org.llavacluster.engine.DType;
import org.llavacluster.engine.FloatConversion;
import org.llavacluster.engine.HostTensor;
import org.llavacluster.engine.LoadedModel;
import org.llavacluster.model.checkpoint.Checkpoint;
import org.llavacluster.model.fixture.Backends;
import org.llavacluster.model.fixture.Deviation;
import org.llavacluster.model.fixture.Fixture;

class ProjectorModelTest {

    private static final double BOUND = 2e-5;

    static Stream<Arguments> fixtures() {
        return Backends.with(List.of("llava-1.5-tiny", "llava-1.5-tiny-bf16-sharded"));
    }

    @ParameterizedTest
    @MethodSource("fixtures")
    void shouldGiveTheReferencesEmbeddingsOfEveryImage(Backends backends, String name) {
        Fixture fixture = Fixture.open(name);
        try (Backend backend = backends.open();
                Checkpoint checkpoint = fixture.checkpoint();
                ProjectorModel model = ProjectorModel.load(backend, fixture.config(), checkpoint)) {
            for (String image : fixture.images()) {
                HostTensor features = fixture.golden(image + "/vision_features");
                HostTensor golden = fixture.golden(image + "/projected");
                try (LoadedModel.Outputs outputs = model.project(features, inOrder(36))) {
                    HostTensor embeddings = outputs.get(ProjectorProgram.EMBEDDINGS);
                    assertThat(embeddings.shape()).isEqualTo(golden.shape());
                    assertThat(Deviation.relative(embeddings.toFloats(), golden.toFloats()))
                            .as(image)
                            .isLessThanOrEqualTo(BOUND);
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("fixtures")
    void shouldReadHalfFloats(Backends backends, String name) {
        Fixture fixture = Fixture.open(name);
        HostTensor features = fixture.golden("scene.png/vision_features");
        HostTensor halves = HostTensor.heap(DType.F16, features.shape());
        FloatConversion.convert(DType.F32, features.bytes(), DType.F16, halves.bytes());
        HostTensor rounded = HostTensor.heap(DType.F32, features.shape());
        FloatConversion.convert(DType.F16, halves.bytes(), DType.F32, rounded.bytes());
        try (Backend backend = backends.open();
                Checkpoint checkpoint = fixture.checkpoint();
                ProjectorModel model = ProjectorModel.load(backend, fixture.config(), checkpoint);
                LoadedModel.Outputs fromHalves = model.project(halves, inOrder(36));
                LoadedModel.Outputs fromFloats = model.project(rounded, inOrder(36))) {
            assertThat(fromHalves.get(ProjectorProgram.EMBEDDINGS).toFloats())
                    .isEqualTo(fromFloats.get(ProjectorProgram.EMBEDDINGS).toFloats());
        }
    }

    private static int[] inOrder(int rows) {
        return IntStream.range(0, rows).toArray();
    }
}
