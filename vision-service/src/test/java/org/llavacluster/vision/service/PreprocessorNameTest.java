package org.llavacluster.vision.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.llavacluster.modelio.config.ImageConfig;
import org.llavacluster.modelio.config.ImageConfig.Merge;
import org.llavacluster.modelio.config.ImageConfig.Mode;
import org.llavacluster.modelio.config.ImageConfig.Resolution;
import org.llavacluster.modelio.image.Preprocess;

class PreprocessorNameTest {

    private static final List<Float> HALF = List.of(0.5f, 0.5f, 0.5f);
    private static final List<Float> OTHER = List.of(0.5f, 0.5f, 0.25f);
    private static final List<Resolution> GRID = List.of(new Resolution(84, 168));

    private static String name(ImageConfig config) {
        return PreprocessorName.of(config, Preprocess.NATURAL);
    }

    @Test
    void shouldDifferWithEverySetting() {
        ImageConfig config = new ImageConfig(Mode.CROP, 84, 84, 0.5, HALF, HALF, GRID, Merge.FLAT);
        List<String> names = Stream.of(
                        name(config),
                        PreprocessorName.of(config, Preprocess.REFERENCE),
                        name(new ImageConfig(Mode.PAD, 84, 84, 0.5, HALF, HALF, GRID, Merge.FLAT)),
                        name(new ImageConfig(Mode.CROP, 85, 84, 0.5, HALF, HALF, GRID, Merge.FLAT)),
                        name(new ImageConfig(Mode.CROP, 84, 85, 0.5, HALF, HALF, GRID, Merge.FLAT)),
                        name(new ImageConfig(Mode.CROP, 84, 84, 0.25, HALF, HALF, GRID, Merge.FLAT)),
                        name(new ImageConfig(Mode.CROP, 84, 84, 0.5, OTHER, HALF, GRID, Merge.FLAT)),
                        name(new ImageConfig(Mode.CROP, 84, 84, 0.5, HALF, OTHER, GRID, Merge.FLAT)),
                        name(new ImageConfig(Mode.CROP, 84, 84, 0.5, HALF, HALF, List.of(), Merge.FLAT)),
                        name(new ImageConfig(Mode.CROP, 84, 84, 0.5, HALF, HALF, GRID, Merge.SPATIAL)))
                .toList();
        assertThat(names).doesNotHaveDuplicates();
        // One name for the first, one for Preprocess, one for each setting: a new setting must be named too.
        assertThat(ImageConfig.class.getRecordComponents()).hasSize(names.size() - 2);
    }
}
