package org.llavacluster.gateway.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.llavacluster.node.config.FixedLimits;
import org.llavacluster.text.image.ImageLimits;
import org.llavacluster.text.json.JsonFile;

/** The documented limits are those of the text module, which does not know the list. */
class TextLimitsTest {

    @Test
    void shouldDocumentTheLimitsOfImagesAndFiles() {
        assertThat(ImageLimits.DEFAULT)
                .isEqualTo(new ImageLimits(
                        FixedLimits.IMAGE_BYTES.value(),
                        FixedLimits.IMAGE_PIXELS.value(),
                        FixedLimits.IMAGE_SIDE.intValue()));
        assertThat(FixedLimits.CONFIG_BYTES.value()).isEqualTo(JsonFile.CONFIG_BYTES);
        assertThat(FixedLimits.VOCABULARY_BYTES.value()).isEqualTo(JsonFile.VOCABULARY_BYTES);
    }
}
