package org.llavacluster.gateway.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.llavacluster.modelio.image.ImageLimits;
import org.llavacluster.modelio.jinja.TemplateLimits;
import org.llavacluster.modelio.json.JsonFile;
import org.llavacluster.node.config.FixedLimits;

/** The documented limits are those of the module model-io, which cannot refer to the list. */
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

    @Test
    void shouldDocumentTheLimitsOfChatTemplates() {
        assertThat(FixedLimits.TEMPLATE_WORK.value()).isEqualTo(TemplateLimits.WORK);
        assertThat(FixedLimits.TEMPLATE_STRING.value()).isEqualTo(TemplateLimits.STRING_UNITS);
        assertThat(FixedLimits.TEMPLATE_PARTS.value()).isEqualTo(TemplateLimits.VALUE_PARTS);
        assertThat(FixedLimits.TEMPLATE_INTEGER_BITS.value()).isEqualTo(TemplateLimits.INTEGER_BITS);
        assertThat(FixedLimits.TEMPLATE_INTEGER_DIGITS.value()).isEqualTo(TemplateLimits.INTEGER_DIGITS);
        assertThat(FixedLimits.TEMPLATE_RANGE.value()).isEqualTo(TemplateLimits.RANGE_NUMBERS);
        assertThat(FixedLimits.TEMPLATE_LOOPS.value()).isEqualTo(TemplateLimits.NESTED_LOOPS);
        assertThat(FixedLimits.TEMPLATE_CALLS.value()).isEqualTo(TemplateLimits.NESTED_CALLS);
    }
}
