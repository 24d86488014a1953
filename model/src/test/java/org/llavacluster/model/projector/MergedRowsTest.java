package org.llavacluster.model.projector;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.llavacluster.engine.Backend;
import org.llavacluster.engine.HostTensor;
import org.llavacluster.model.checkpoint.Checkpoint;
import org.llavacluster.model.fixture.Backends;
import org.llavacluster.model.fixture.Deviation;
import org.llavacluster.model.fixture.Fixture;
import org.llavacluster.model.fixture.ModelPipeline;
import org.llavacluster.modelio.image.ImageHeader;
import org.llavacluster.modelio.image.ImageLayout;
import org.llavacluster.modelio.image.ImageLayouts;

/** LLaVA 1.6: tiles to rows in their final order, with padding cut off and newlines inserted. */
class MergedRowsTest {

    private static final double BOUND = 2e-5;

    @ParameterizedTest
    @EnumSource
    void shouldMergeTilesOfEveryImageAsTheReferenceDoes(Backends backends) throws IOException {
        Fixture fixture = Fixture.open("llava-1.6-tiny");
        ImageLayouts layouts = new ImageLayouts(fixture.config());
        try (Backend backend = backends.open();
                Checkpoint checkpoint = fixture.checkpoint();
                ModelPipeline pipeline = ModelPipeline.load(backend, fixture.folder(), checkpoint)) {
            assertThat(fixture.images()).hasSize(7);
            for (String image : fixture.images()) {
                byte[] encoded = Files.readAllBytes(Fixture.path("images").resolve(image));
                ImageHeader header = ImageHeader.read(ByteBuffer.wrap(encoded));
                ImageLayout layout = layouts.of(header.width(), header.height());
                HostTensor pixels = fixture.golden(image + "/pixel_values");
                assertThat(layout.tiles()).isEqualTo(Math.toIntExact(pixels.shape()[0]));

                HostTensor merged = pipeline.embeddings(pixels, layout.rowOrder());
                HostTensor golden = fixture.golden(image + "/merged");
                assertThat(merged.shape()).as(image).isEqualTo(golden.shape());
                assertThat(Deviation.relative(merged.toFloats(), golden.toFloats()))
                        .as(image)
                        .isLessThanOrEqualTo(BOUND);
            }
        }
    }
}
