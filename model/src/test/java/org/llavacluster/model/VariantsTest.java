package org.llavacluster.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.llavacluster.engine.Backend;
import org.llavacluster.engine.DType;
import org.llavacluster.engine.HostTensor;
import org.llavacluster.model.checkpoint.Checkpoint;
import org.llavacluster.model.decoder.Conversation;
import org.llavacluster.model.decoder.GreedyAnswers;
import org.llavacluster.model.fixture.Backends;
import org.llavacluster.model.fixture.Deviation;
import org.llavacluster.model.fixture.Fixture;
import org.llavacluster.model.fixture.GoldenCase;
import org.llavacluster.model.fixture.ModelPipeline;
import org.llavacluster.model.image.DecodedImage;
import org.llavacluster.model.image.ImagePreprocessor;
import org.llavacluster.modelio.config.ModelConfig;
import org.llavacluster.modelio.image.ImageLayout;
import org.llavacluster.modelio.image.ImageLayouts;
import org.llavacluster.modelio.image.Preprocess;

/** Options that the larger fixtures leave out, from encoded images to greedy ids. */
class VariantsTest {

    private static final double BOUND = 5e-4;
    private static final int CHUNK_ROWS = 50;

    static Stream<Arguments> variants() {
        return Backends.with(Fixture.VARIANTS);
    }

    @ParameterizedTest
    @MethodSource("variants")
    void shouldAnswerAsTheReferenceDoes(Backends backends, String name) throws IOException {
        Fixture fixture = Fixture.open(name);
        try (Backend backend = backends.open();
                Checkpoint checkpoint = fixture.checkpoint();
                ModelPipeline pipeline = ModelPipeline.load(backend, fixture.folder(), checkpoint)) {
            for (GoldenCase golden : fixture.cases()) {
                Conversation conversation = conversation(fixture.config(), pipeline, golden);
                GreedyAnswers.Answer answer = new GreedyAnswers(pipeline.decoder(), 1)
                        .of(List.of(conversation), CHUNK_ROWS)
                        .getFirst();
                assertThat(Deviation.absolute(answer.logits().getFirst(), golden.firstLogits()))
                        .as(golden.name())
                        .isLessThanOrEqualTo(BOUND);
                assertThat(answer.idArray()).as(golden.name()).isEqualTo(golden.greedyIds());
            }
        }
    }

    private static Conversation conversation(ModelConfig config, ModelPipeline pipeline, GoldenCase golden)
            throws IOException {
        ImagePreprocessor preprocessor = new ImagePreprocessor(config.image(), Preprocess.REFERENCE);
        ImageLayouts layouts = new ImageLayouts(config);
        List<HostTensor> embeddings = new ArrayList<>();
        for (String image : golden.images()) {
            DecodedImage decoded =
                    preprocessor.read(Files.readAllBytes(Fixture.path("images").resolve(image)));
            ImageLayout layout = layouts.of(decoded.width(), decoded.height());
            int side = config.vision().imageSize();
            HostTensor pixels = HostTensor.heap(DType.F32, layout.tiles(), 3, side, side);
            preprocessor.write(decoded, layout, pixels.bytes());
            embeddings.add(pipeline.embeddings(pixels, layout.rowOrder()));
        }
        return Conversation.of(golden, config.imageTokenId(), embeddings);
    }
}
