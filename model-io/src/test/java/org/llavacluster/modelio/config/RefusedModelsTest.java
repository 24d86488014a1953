package org.llavacluster.modelio.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.llavacluster.modelio.Fixtures;
import org.llavacluster.modelio.json.JsonFile;

/**
 * Model folders that cannot be served, each with a one-line error that names file and field.
 *
 * <p>Holds the limits {@code FixedLimits.CONFIG_BYTES} and {@code FixedLimits.VOCABULARY_BYTES}.
 */
final class RefusedModelsTest {

    @TempDir
    Path temp;

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    model_type | null | config.json: model_type: missing
                    model_type | "llava_onevision" | config.json: model_type: "llava_onevision" is not supported (known: llava, llava_next)
                    model_type | 7 | config.json: model_type: must be a string, is 7
                    quantization_config | {"bits": 4} | config.json: quantization_config: is not supported
                    projector_hidden_act | "relu" | config.json: projector_hidden_act: "relu" is not supported (known: gelu)
                    multimodal_projector_bias | "yes" | config.json: multimodal_projector_bias: must be true or false, is "yes"
                    vision_feature_layer | 5 | config.json: vision_feature_layer: 5 is out of range: the vision model has 5 hidden states
                    vision_feature_layer | -6 | config.json: vision_feature_layer: -6 is out of range: the vision model has 5 hidden states
                    vision_feature_layer | [] | config.json: vision_feature_layer: must name at least one layer
                    vision_feature_layer | [-2, "x"] | config.json: vision_feature_layer: must be an integer, is "x"
                    vision_feature_select_strategy | "cls" | config.json: vision_feature_select_strategy: "cls" is not supported (known: default, full)
                    image_token_index | 704 | config.json: image_token_index: must be from 0 to 703, is 704
                    image_token_index | -200 | config.json: image_token_index: must be from 0 to 703, is -200
                    image_token_id | 5 | config.json: image_token_id: differs from image_token_index 699
                    text_config | [] | config.json: text_config: must be an object, is a list
                    text_config.model_type | "qwen2" | config.json: text_config.model_type: "qwen2" is not supported (known: llama, mistral)
                    text_config.attention_bias | true | config.json: text_config.attention_bias: is not supported
                    text_config.mlp_bias | true | config.json: text_config.mlp_bias: is not supported
                    text_config.hidden_act | "gelu" | config.json: text_config.hidden_act: "gelu" is not supported (known: silu, swish)
                    text_config.quantization_config | {} | config.json: text_config.quantization_config: is not supported
                    text_config.sliding_window | 0 | config.json: text_config.sliding_window: must be from 1 to 268435456, is 0
                    text_config.sliding_window | "4096" | config.json: text_config.sliding_window: must be an integer, is "4096"
                    text_config.vocab_size | 0 | config.json: text_config.vocab_size: must be from 1 to 268435456, is 0
                    text_config.hidden_size | 63 | config.json: text_config.num_attention_heads: must divide hidden_size 63, is 4
                    text_config.hidden_size | 64.5 | config.json: text_config.hidden_size: must be an integer, is 64.5
                    text_config.hidden_size | 99999999999 | config.json: text_config.hidden_size: must be an integer, is 99999999999
                    text_config.num_key_value_heads | 3 | config.json: text_config.num_key_value_heads: must divide num_attention_heads 4, is 3
                    text_config.head_dim | 13 | config.json: text_config.head_dim: must be even for rotary embedding, is 13
                    text_config.num_hidden_layers | -1 | config.json: text_config.num_hidden_layers: must be from 1 to 268435456, is -1
                    text_config.max_position_embeddings | 0 | config.json: text_config.max_position_embeddings: must be from 1 to 268435456, is 0
                    text_config.rms_norm_eps | 0 | config.json: text_config.rms_norm_eps: must be above 0, is 0.0
                    text_config.rms_norm_eps | 1e999 | config.json: text_config.rms_norm_eps: must be a finite number, is
                    text_config.rope_theta | -1 | config.json: text_config.rope_theta: must be above 0, is -1.0
                    text_config.rope_scaling | {"type": "longrope", "factor": 2} | config.json: text_config.rope_scaling.type: "longrope" is not supported (known: default, linear, dynamic, llama3, yarn)
                    text_config.rope_scaling | {"rope_type": "su", "type": "linear", "factor": 2} | config.json: text_config.rope_scaling.rope_type: "su" is not supported (known: default, linear, dynamic, llama3, yarn)
                    text_config.rope_scaling | {"type": "linear"} | config.json: text_config.rope_scaling.factor: missing
                    text_config.rope_scaling | {"type": "linear", "factor": 0.5} | config.json: text_config.rope_scaling.factor: must be at least 1, is 0.5
                    text_config.rope_scaling | {"type": "dynamic", "factor": 2, "original_max_position_embeddings": 1024} | config.json: text_config.rope_scaling.rope_type: "dynamic" is not supported beyond its original context: max_position_embeddings is 2048, original_max_position_embeddings 1024
                    text_config.rope_scaling | {"rope_type": "llama3", "factor": 8, "low_freq_factor": 4, "high_freq_factor": 1, "original_max_position_embeddings": 8} | config.json: text_config.rope_scaling.high_freq_factor: must be above low_freq_factor 4.0, is 1.0
                    text_config.rope_scaling | {"rope_type": "llama3", "factor": 8, "low_freq_factor": 1, "high_freq_factor": 4} | config.json: text_config.rope_scaling.original_max_position_embeddings: missing
                    text_config.rope_parameters | {"rope_type": "default", "partial_rotary_factor": 0.5} | config.json: text_config.rope_parameters.partial_rotary_factor: is not supported
                    text_config.rope_parameters | "x" | config.json: text_config.rope_parameters: must be an object, is "x"
                    vision_config.model_type | "siglip_vision_model" | config.json: vision_config.model_type: "siglip_vision_model" is not supported (known: clip_vision_model)
                    vision_config.hidden_act | "gelu_new" | config.json: vision_config.hidden_act: "gelu_new" is not supported (known: quick_gelu, gelu)
                    vision_config.hidden_size | 50 | config.json: vision_config.num_attention_heads: must divide hidden_size 50, is 3
                    vision_config.patch_size | 85 | config.json: vision_config.patch_size: must be at most image_size 84, is 85
                    vision_config.num_channels | 1 | config.json: vision_config.num_channels: must be 3, is 1
                    vision_config.image_size | 98 | preprocessor_config.json: crop_size: 84 x 84 differs from the vision model's image_size 98; position embeddings are not interpolated
                    """)
    void shouldRefuseByFileAndField(String field, String value, String message) throws IOException {
        TestFolder folder = TestFolder.like("llava-1.5-tiny", temp.resolve("model"));

        folder.set("config.json", field, value.equals("null") ? null : value);

        assertRefused(folder.path(), message);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        do_resize | false | preprocessor_config.json: do_resize: false is not supported
        resample | 2 | preprocessor_config.json: resample: must be 3 (bicubic), is 2
        image_processor_type | "SiglipImageProcessor" | preprocessor_config.json: image_processor_type: "SiglipImageProcessor" is not supported for llava
        image_mean | [0.5] | preprocessor_config.json: image_mean: must hold 3 numbers, holds 1
        image_std | [0.5, 0, 0.5] | preprocessor_config.json: image_std: must not hold 0
        rescale_factor | -1 | preprocessor_config.json: rescale_factor: must be above 0, is -1.0
        size | {"shortest_edge": 42} | preprocessor_config.json: size.shortest_edge: 42 is smaller than crop_size 84
        size | {"longest_edge": 84} | preprocessor_config.json: size.height: missing
        crop_size | {"height": 84, "width": 42} | preprocessor_config.json: crop_size: 84 x 42 differs from the vision model's image_size 84; position embeddings are not interpolated
        """)
    void shouldRefuseImagePreparationByFileAndField(String field, String value, String message) throws IOException {
        TestFolder folder = TestFolder.like("llava-1.5-tiny", temp.resolve("model"));

        folder.set("preprocessor_config.json", field, value);

        assertRefused(folder.path(), message);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        [[84, 100]] | config.json: image_grid_pinpoints: 84 x 100 is not a multiple of a tile of 84 x 84
        [[84]] | config.json: image_grid_pinpoints: must be a list of [height, width]
        [] | config.json: image_grid_pinpoints: must hold at least one size
        [[84, 168]] | preprocessor_config.json: image_grid_pinpoints: differs from config.json: image_grid_pinpoints
        "[(84, 168)]" | config.json: image_grid_pinpoints: must be a list, is "[(84, 168)]"
        """)
    void shouldRefuseGrids(String value, String message) throws IOException {
        TestFolder folder = TestFolder.like("llava-1.6-tiny", temp.resolve("model"));

        folder.set("config.json", "image_grid_pinpoints", value);

        assertRefused(folder.path(), message);
    }

    @Test
    void shouldRefuseWhatIsNoModelFolder() throws IOException {
        Path missing = temp.resolve("missing");
        assertRefused(missing, missing + ": no such folder");

        Path empty = Files.createDirectory(temp.resolve("empty"));
        assertRefused(empty, "config.json: missing in " + empty);

        Files.createDirectory(empty.resolve("config.json"));
        assertRefused(empty, "config.json: not a file");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        `` | config.json: must hold a JSON object
        [] | config.json: must hold a JSON object
        {"model_type": "llava" | config.json: not valid JSON at line 1, column
        {"model_type": "llava", "model_type": "llava"} | config.json: not valid JSON at line 1, column
        {"model_type": NaN} | config.json: not valid JSON at line 1, column
        {} {} | config.json: not valid JSON at line 1, column
        """)
    void shouldRefuseWhatIsNoJsonObject(String content, String message) throws IOException {
        TestFolder folder =
                TestFolder.empty(temp.resolve("model")).write("config.json", content == null ? "" : content);

        assertRefused(folder.path(), message);
    }

    @Test
    void shouldRefuseDeepAndHugeFiles() throws IOException {
        TestFolder folder = TestFolder.empty(temp.resolve("model"));
        folder.write("config.json", "{\"a\":".repeat(100_000));
        assertRefused(folder.path(), "config.json: not valid JSON: Document nesting depth (65) exceeds");

        for (int bytes : new int[] {JsonFile.CONFIG_BYTES - 1, JsonFile.CONFIG_BYTES}) {
            folder.write("config.json", " ".repeat(bytes));
            assertRefused(folder.path(), "config.json: ");
        }
        folder.write("config.json", " ".repeat(JsonFile.CONFIG_BYTES + 1));
        assertRefused(folder.path(), "config.json: more than 4194304 bytes");
    }

    @Test
    void shouldShowForeignTextOnOneLine() throws IOException {
        TestFolder folder = TestFolder.like("llava-1.5-tiny", temp.resolve("model"));
        folder.set("config.json", "model_type", "\"a\\nb" + "x".repeat(1000) + "\"");

        assertThatThrownBy(folder::open).satisfies(e -> assertThat(e.getMessage())
                .startsWith("config.json: model_type: \"a bxxx")
                .hasSizeLessThan(400)
                .doesNotContain("\n"));
    }

    @Test
    void shouldRefuseAVisionTowerForAModelThatHoldsItsOwn() {
        Path folder = Fixtures.path("llava-1.5-tiny");

        assertThatThrownBy(() -> ModelFolder.open(folder, Optional.of(folder)))
                .isInstanceOf(ModelFormatException.class)
                .hasMessage(
                        "config.json: vision_config: this model holds its own vision tower: --vision-tower is for the"
                                + " original layout");
    }

    private static void assertRefused(Path folder, String message) {
        assertThatThrownBy(() -> ModelFolder.open(folder, Optional.empty()))
                .isInstanceOf(ModelFormatException.class)
                .satisfies(e -> assertThat(e.getMessage()).startsWith(message).doesNotContain("\n"));
    }
}
