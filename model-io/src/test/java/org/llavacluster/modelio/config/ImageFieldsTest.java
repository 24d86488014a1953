package org.llavacluster.modelio.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.llavacluster.modelio.config.ImageConfig.Merge;
import org.llavacluster.modelio.config.ImageConfig.Mode;
import org.llavacluster.modelio.json.Fields;

/** The ways in which a processor may make an image square. */
final class ImageFieldsTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'size': {'height': 84, 'width': 84}}",
                "{'size': {'height': 84, 'width': 84}, 'do_center_crop': false}",
                "{'size': {'height': 84, 'width': 84}, 'crop_size': {'height': 84, 'width': 84}}"
            })
    void shouldStretchToAnExactSize(String json) {
        assertThat(read(json, Mode.CROP).mode()).isEqualTo(Mode.STRETCH);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{'size': 84}", "{'size': {'shortest_edge': 96}, 'crop_size': 84}"})
    void shouldCropWhereOnlyAnEdgeIsGiven(String json) {
        assertThat(read(json, Mode.CROP).mode()).isEqualTo(Mode.CROP);
    }

    @Test
    void shouldNotNeedACropOfWhatIsSquare() {
        String json = "{'size': {'shortest_edge': 84}, 'do_center_crop': false}";

        assertThat(read(json, Mode.PAD).mode()).isEqualTo(Mode.PAD);
        assertThat(read("{'size': {'height': 84, 'width': 84}}", Mode.PAD).mode())
                .isEqualTo(Mode.PAD);
        assertThatThrownBy(() -> read(json, Mode.CROP))
                .isInstanceOf(ModelFormatException.class)
                .hasMessageContaining("do_center_crop");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{'size': {'height': 84, 'width': 96}}", "{'size': {'height': 96, 'width': 96}}"})
    void shouldRefuseAnExactSizeThatIsNotATile(String json) {
        assertThatThrownBy(() -> read(json, Mode.CROP))
                .isInstanceOf(ModelFormatException.class)
                .hasMessageContaining("size");
    }

    private static ImageConfig read(String json, Mode mode) {
        try {
            ObjectNode object = (ObjectNode) new ObjectMapper().readTree(json.replace('\'', '"'));
            return ImageFields.read(
                    new Fields("preprocessor_config.json", "", object), mode, 84, List.of(), Merge.FLAT);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(json, e);
        }
    }
}
