package org.llavacluster.model.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.llavacluster.engine.bench.LinearBench.Size;

class LinearSizesTest {

    @Test
    void shouldHaveEachLayerOfADecoderWithAPromptAndManySequencesAndOne() {
        assertThat(LinearSizes.of("tinyllama-1.1b", 4).orElseThrow())
                .containsExactly(
                        new Size(576, 2048, 2048),
                        new Size(576, 256, 2048),
                        new Size(576, 5632, 2048),
                        new Size(576, 2048, 5632),
                        new Size(576, 32000, 2048),
                        new Size(4, 2048, 2048),
                        new Size(4, 256, 2048),
                        new Size(4, 5632, 2048),
                        new Size(4, 2048, 5632),
                        new Size(4, 32000, 2048),
                        new Size(1, 2048, 2048),
                        new Size(1, 256, 2048),
                        new Size(1, 5632, 2048),
                        new Size(1, 2048, 5632),
                        new Size(1, 32000, 2048));
    }

    @Test
    void shouldMeasureEachSizeOnce() {
        assertThat(LinearSizes.of("llama-7b", 1).orElseThrow()).hasSize(8).doesNotHaveDuplicates();
    }

    @Test
    void shouldHaveTheLayersOfClipWithTheRowsOfItsTiles() {
        assertThat(LinearSizes.of("clip-vit-l-336", 2).orElseThrow())
                .containsExactly(
                        new Size(1154, 1024, 588),
                        new Size(1154, 1024, 1024),
                        new Size(1154, 4096, 1024),
                        new Size(1154, 1024, 4096));
    }

    @Test
    void shouldKnowAllShapesThatItNamesAndNoOthers() {
        assertThat(LinearSizes.shapes()).hasSize(3).allSatisfy(shape -> assertThat(LinearSizes.of(shape, 1))
                .isPresent());
        assertThat(LinearSizes.of("gpt-2", 1)).isEmpty();
    }
}
