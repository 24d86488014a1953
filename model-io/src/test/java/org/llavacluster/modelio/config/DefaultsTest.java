package org.llavacluster.modelio.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.llavacluster.modelio.config.ImageConfig.Mode;
import org.llavacluster.modelio.config.ImageConfig.Resolution;
import org.llavacluster.modelio.config.RopeConfig.Scaling;
import org.llavacluster.modelio.config.VisionConfig.Activation;

/** Defaults, and the different ways in which files of different years express the same setting. */
final class DefaultsTest {

    @TempDir
    Path temp;

    @Test
    void shouldFillInTheDefaultsOfTheClasses() throws IOException {
        ModelConfig config = TestFolder.empty(temp.resolve("m"))
                .write("config.json", "{\"model_type\": \"llava\", \"text_config\": {\"vocab_size\": 32064}}")
                .open()
                .config();

        assertThat(config.imageTokenId()).isEqualTo(32000);
        assertThat(config.vision())
                .isEqualTo(new VisionConfig(
                        1024, 4096, 24, 16, 3, 336, 14, 1e-5f, Activation.QUICK_GELU, List.of(23), false));
        assertThat(config.decoder())
                .isEqualTo(new DecoderConfig(
                        32064,
                        4096,
                        11008,
                        32,
                        32,
                        32,
                        128,
                        2048,
                        OptionalInt.empty(),
                        1e-6f,
                        new RopeConfig(10000, new Scaling.None()),
                        false,
                        List.of(2)));
        assertThat(config.projector().bias()).isTrue();
        assertThat(config.image().side()).isEqualTo(336);
        assertThat(config.image().mode()).isEqualTo(Mode.CROP);
    }

    /** As in transformers 5.18: LlavaNext does not read the text model's setting. */
    @Test
    void shouldTieEmbeddingsAsTheFamilyDoes() throws IOException {
        assertThat(tied("llava", "false", "true")).isTrue();
        assertThat(tied("llava", "true", "false")).isTrue();
        assertThat(tied("llava_next", "false", "true")).isFalse();
        assertThat(tied("llava_next", "true", "false")).isTrue();
    }

    private boolean tied(String family, String outermost, String text) throws IOException {
        return TestFolder.empty(temp.resolve(family + outermost))
                .write("config.json", """
                    {"model_type": "%s", "tie_word_embeddings": %s, "image_grid_pinpoints": [[336, 672]],
                     "text_config": {"vocab_size": 32064, "tie_word_embeddings": %s}}
                    """.formatted(family, outermost, text))
                .open()
                .config()
                .decoder()
                .tiedEmbeddings();
    }

    @Test
    void shouldFillInTheDefaultsOfMistralAndClip() throws IOException {
        ModelConfig config = TestFolder.empty(temp.resolve("m"))
                .write("config.json", """
                    {"model_type": "llava_next", "image_token_index": 31999, "vision_config": {},
                     "text_config": {"model_type": "mistral", "sliding_window": null},
                     "image_grid_pinpoints": [[224, 448]]}
                    """)
                .open()
                .config();

        assertThat(config.vision())
                .isEqualTo(new VisionConfig(
                        768, 3072, 12, 12, 3, 224, 32, 1e-5f, Activation.QUICK_GELU, List.of(11), false));
        assertThat(config.decoder().intermediateSize()).isEqualTo(14336);
        assertThat(config.decoder().kvHeads()).isEqualTo(8);
        assertThat(config.decoder().contextTokens()).isEqualTo(131072);
        assertThat(config.image().gridPinpoints()).containsExactly(new Resolution(224, 448));
    }

    @Test
    void shouldReadOldAndNewRopeFields() throws IOException {
        assertThat(rope("{\"rope_theta\": 5e5}")).isEqualTo(new RopeConfig(5e5, new Scaling.None()));
        assertThat(rope("{\"rope_scaling\": {\"type\": \"linear\", \"factor\": 4}}"))
                .isEqualTo(new RopeConfig(1e4, new Scaling.Linear(4)));
        assertThat(rope("{\"rope_parameters\": {\"rope_type\": \"linear\", \"rope_theta\": 7, \"factor\": 4.0}}"))
                .isEqualTo(new RopeConfig(7, new Scaling.Linear(4)));
        assertThat(rope("{\"rope_scaling\": {\"type\": \"dynamic\", \"factor\": 2}}"))
                .isEqualTo(new RopeConfig(1e4, new Scaling.None()));
        assertThat(rope("{\"rope_scaling\": {\"rope_type\": \"yarn\", \"factor\": 2, \"attention_factor\": 1.5}}"))
                .isEqualTo(new RopeConfig(1e4, new Scaling.Yarn(2, 32, 1, 2048, OptionalDouble.of(1.5), true)));
        assertThat(rope("{\"rope_scaling\": {\"rope_type\": \"yarn\", \"original_max_position_embeddings\": 512,"
                        + " \"beta_fast\": 16, \"truncate\": false}}"))
                .isEqualTo(new RopeConfig(1e4, new Scaling.Yarn(4, 16, 1, 512, OptionalDouble.empty(), false)));
    }

    private RopeConfig rope(String text) throws IOException {
        return TestFolder.empty(temp.resolve("rope"))
                .write(
                        "config.json",
                        "{\"model_type\": \"llava\", \"image_token_id\": 7, \"text_config\": " + text + "}")
                .open()
                .config()
                .decoder()
                .rope();
    }

    @Test
    void shouldReadEndIdsFromTheFirstPlaceThatHasThem() throws IOException {
        TestFolder folder = TestFolder.like("llava-1.5-tiny", temp.resolve("m"));
        folder.set("config.json", "eos_token_id", "5").set("config.json", "text_config.eos_token_id", "6");

        folder.set("generation_config.json", "eos_token_id", "[3, 4]");
        assertThat(folder.open().config().decoder().endIds()).containsExactly(3, 4);
        folder.set("generation_config.json", "eos_token_id", null);
        assertThat(folder.open().config().decoder().endIds()).containsExactly(5);
        folder.set("config.json", "eos_token_id", null);
        assertThat(folder.open().config().decoder().endIds()).containsExactly(6);
        folder.set("config.json", "text_config.eos_token_id", null);
        assertThat(folder.open().config().decoder().endIds()).containsExactly(2);
    }

    /**
     * transformers 5.18: Mistral's class has a window of 4096 unless the file says null, does not read {@code
     * use_sliding_window}, and a window that LLaMA's class does not know still bounds the cache.
     */
    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "-", textBlock = """
                    {"model_type": "mistral", "max_position_embeddings": 32768} | 4096 | 4096
                    {"model_type": "mistral", "max_position_embeddings": 32768, "sliding_window": null} | - | 32768
                    {"model_type": "mistral", "max_position_embeddings": 32768, "sliding_window": 8192} | 8192 | 8192
                    {"model_type": "mistral", "max_position_embeddings": 8192, "sliding_window": 8191} | 8191 | 8191
                    {"model_type": "mistral", "max_position_embeddings": 8192, "sliding_window": 8192} | - | 8192
                    {"model_type": "mistral", "max_position_embeddings": 8192, "sliding_window": 9000} | - | 8192
                    {"model_type": "mistral", "max_position_embeddings": 4096} | - | 4096
                    {"model_type": "mistral", "max_position_embeddings": 8192, "use_sliding_window": false} | 4096 | 4096
                    {"model_type": "mistral"} | 4096 | 4096
                    {"model_type": "mistral", "sliding_window": 1} | 1 | 1
                    {"model_type": "mistral", "sliding_window": 1024.0} | 1024 | 1024
                    {"model_type": "llama", "max_position_embeddings": 8192} | - | 8192
                    {"model_type": "llama", "max_position_embeddings": 8192, "sliding_window": 4096} | 4096 | 4096
                    """)
    void shouldServeUpToTheWindow(String text, Integer window, int context) throws IOException {
        DecoderConfig decoder = TestFolder.empty(temp.resolve("m"))
                .write(
                        "config.json",
                        "{\"model_type\": \"llava\", \"image_token_id\": 7, \"text_config\": " + text + "}")
                .open()
                .config()
                .decoder();

        assertThat(decoder.window()).isEqualTo(window == null ? OptionalInt.empty() : OptionalInt.of(window));
        assertThat(decoder.contextTokens()).isEqualTo(context);
    }

    /** YaRN's factor is the growth of the positions, whatever the window. */
    @Test
    void shouldTurnKeysByThePositionsNotTheWindow() throws IOException {
        RopeConfig rope =
                rope("{\"model_type\": \"mistral\", \"max_position_embeddings\": 8192, \"sliding_window\": 512,"
                        + " \"rope_scaling\": {\"rope_type\": \"yarn\", \"original_max_position_embeddings\": 2048}}");

        assertThat(rope.scaling()).isEqualTo(new Scaling.Yarn(4, 32, 1, 2048, OptionalDouble.empty(), true));
    }

    @Test
    void shouldReadImagePreparationInAllItsForms() throws IOException {
        TestFolder folder = TestFolder.like("llava-1.5-tiny", temp.resolve("m"));
        ImageConfig image = folder.open().config().image();

        folder.set("preprocessor_config.json", "size", "84").set("preprocessor_config.json", "crop_size", "84");
        assertThat(folder.open().config().image()).isEqualTo(image);

        folder.delete("preprocessor_config.json");
        assertThat(folder.open().config().image().shortestEdge()).isEqualTo(84);
        assertThat(folder.open().config().image().rescaleFactor()).isEqualTo(1 / 255.0);

        folder.set("processor_config.json", "image_processor.size", "{\"shortest_edge\": 100}");
        assertThat(folder.open().config().image().shortestEdge()).isEqualTo(100);

        folder.set("processor_config.json", "image_processor.image_processor_type", "\"LlavaImageProcessorFast\"")
                .set("processor_config.json", "image_processor.do_pad", "true")
                .set("processor_config.json", "image_processor.do_normalize", "false");
        assertThat(folder.open().config().image().mode()).isEqualTo(Mode.PAD);
        assertThat(folder.open().config().image().std()).containsExactly(1f, 1f, 1f);
    }
}
