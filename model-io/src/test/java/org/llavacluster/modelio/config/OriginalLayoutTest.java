package org.llavacluster.modelio.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.llavacluster.modelio.config.ImageConfig.Merge;
import org.llavacluster.modelio.config.ImageConfig.Mode;
import org.llavacluster.modelio.config.ImageConfig.Resolution;
import org.llavacluster.modelio.config.ModelConfig.Layout;
import org.llavacluster.modelio.config.RopeConfig.Scaling;
import org.llavacluster.modelio.config.VisionConfig.Activation;

/** Folders as written by the original code, with the fields of the published ones. */
final class OriginalLayoutTest {

    @TempDir
    Path temp;

    private TestFolder model;
    private TestFolder clip;

    @BeforeEach
    void makeFolders() throws IOException {
        clip = TestFolder.empty(temp.resolve("clip")).write("config.json", """
            {"model_type": "clip", "vision_config": {"model_type": "clip_vision_model", "hidden_size": 1024,
             "image_size": 336, "intermediate_size": 4096, "num_attention_heads": 16,
             "num_hidden_layers": 24, "patch_size": 14, "projection_dim": 768}}
            """).write("preprocessor_config.json", """
                            {"crop_size": 336, "do_center_crop": true, "do_normalize": true, "do_resize": true,
                             "feature_extractor_type": "CLIPFeatureExtractor", "image_mean": [0.5, 0.5, 0.5],
                             "image_std": [0.25, 0.25, 0.25], "resample": 3, "size": 336}
                            """);
        model = TestFolder.empty(temp.resolve("llava-v1.5-7b")).write("config.json", """
            {"architectures": ["LlavaLlamaForCausalLM"], "bos_token_id": 1, "eos_token_id": 2,
             "freeze_mm_mlp_adapter": false, "hidden_act": "silu", "hidden_size": 4096,
             "image_aspect_ratio": "pad", "intermediate_size": 11008, "max_position_embeddings": 4096,
             "mm_hidden_size": 1024, "mm_projector_type": "mlp2x_gelu", "mm_use_im_patch_token": false,
             "mm_use_im_start_end": false, "mm_vision_select_feature": "patch",
             "mm_vision_select_layer": -2, "mm_vision_tower": "openai/clip-vit-large-patch14-336",
             "model_type": "llava", "num_attention_heads": 32, "num_hidden_layers": 32,
             "num_key_value_heads": 32, "pad_token_id": 0, "pretraining_tp": 1, "rms_norm_eps": 1e-05,
             "rope_scaling": null, "tie_word_embeddings": false, "torch_dtype": "float16",
             "tune_mm_mlp_adapter": false, "use_cache": true, "use_mm_proj": true, "vocab_size": 32000}
            """);
    }

    @Test
    void shouldReadLlava15() {
        ModelFolder folder = ModelFolder.open(model.path(), Optional.of(clip.path()));

        assertThat(folder.visionTower()).contains(clip.path());
        assertThat(folder.config())
                .isEqualTo(new ModelConfig(
                        "llava-v1.5-7b",
                        Layout.ORIGINAL,
                        "llava",
                        new VisionConfig(
                                1024, 4096, 24, 16, 3, 336, 14, 1e-5f, Activation.QUICK_GELU, List.of(23), false),
                        new ProjectorConfig(ProjectorConfig.Kind.MLP2X_GELU, 1024, 4096, true),
                        new DecoderConfig(
                                32000,
                                4096,
                                11008,
                                32,
                                32,
                                32,
                                128,
                                4096,
                                OptionalInt.empty(),
                                1e-5f,
                                new RopeConfig(10000, new Scaling.None()),
                                false,
                                List.of(2)),
                        new ImageConfig(
                                Mode.PAD,
                                336,
                                336,
                                1 / 255.0,
                                List.of(0.5f, 0.5f, 0.5f),
                                List.of(0.25f, 0.25f, 0.25f),
                                List.of(),
                                Merge.FLAT),
                        -200));
    }

    @Test
    void shouldReadTheDefaultsOfVersion1() throws IOException {
        for (String field : List.of("image_aspect_ratio", "mm_projector_type", "mm_vision_select_feature")) {
            model.set("config.json", field, null);
        }

        ModelConfig config =
                ModelFolder.open(model.path(), Optional.of(clip.path())).config();

        assertThat(config.projector().kind()).isEqualTo(ProjectorConfig.Kind.LINEAR);
        assertThat(config.image().mode()).isEqualTo(Mode.CROP);
    }

    @Test
    void shouldReadGridsWidthFirst() throws IOException {
        model.set("config.json", "image_aspect_ratio", "\"anyres\"")
                .set("config.json", "mm_patch_merge_type", "\"spatial_unpad\"")
                .set("config.json", "image_grid_pinpoints", "[[336, 672], [1008, 336]]");
        List<Resolution> sizes = List.of(new Resolution(672, 336), new Resolution(336, 1008));

        ImageConfig image = ModelFolder.open(model.path(), Optional.of(clip.path()))
                .config()
                .image();
        assertThat(image.mode()).isEqualTo(Mode.ANY_RESOLUTION);
        assertThat(image.merge()).isEqualTo(Merge.SPATIAL_UNPAD);
        assertThat(image.gridPinpoints()).isEqualTo(sizes);

        model.set("config.json", "image_grid_pinpoints", "\"[(336, 672), (1008, 336)]\"");
        assertThat(pinpoints()).isEqualTo(sizes);

        model.set("config.json", "image_grid_pinpoints", "\"(1x1),...,(2x3)\"");
        assertThat(pinpoints())
                .containsExactly(
                        new Resolution(336, 336),
                        new Resolution(672, 336),
                        new Resolution(1008, 336),
                        new Resolution(336, 672),
                        new Resolution(672, 672),
                        new Resolution(1008, 672));
    }

    private List<Resolution> pinpoints() {
        return ModelFolder.open(model.path(), Optional.of(clip.path()))
                .config()
                .image()
                .gridPinpoints();
    }

    @Test
    void shouldReadMistral() throws IOException {
        model.set("config.json", "model_type", "\"llava_mistral\"")
                .set("config.json", "num_key_value_heads", null)
                .set("config.json", "sliding_window", "null");

        DecoderConfig decoder = ModelFolder.open(model.path(), Optional.of(clip.path()))
                .config()
                .decoder();

        assertThat(decoder.kvHeads()).isEqualTo(8);
    }

    @Test
    void shouldRefuseWhatItCannotServe() throws IOException {
        Path nowhere = temp.resolve("nowhere");
        assertRefused(Optional.of(nowhere), "--vision-tower: " + nowhere + ": no such folder");

        Optional<Path> tower = Optional.of(clip.path());
        refuse("mm_use_im_start_end", "true", "config.json: mm_use_im_start_end: is not supported");
        refuse("model_type", "\"llava_mpt\"", "config.json: model_type: \"llava_mpt\" is not supported");
        refuse("mm_projector_type", "\"identity\"", "config.json: mm_projector_type: \"identity\" is not supported");
        refuse("image_aspect_ratio", "\"anyres_max_9\"", "config.json: image_aspect_ratio: \"anyres_max_9\" is not");
        refuse("mm_hidden_size", "768", "config.json: mm_hidden_size: 768 differs from the vision tower's");
        refuse("mm_vision_select_layer", "25", "config.json: mm_vision_select_layer: 25 is out of range");
        refuse("mm_vision_select_feature", "\"all\"", "config.json: mm_vision_select_feature: \"all\" is not");
        model.set("config.json", "image_aspect_ratio", "\"anyres\"");
        assertRefused(tower, "config.json: image_grid_pinpoints: must hold at least one size");
        clip.set("config.json", "model_type", "\"siglip\"");
        assertRefused(tower, "vision tower's config.json: model_type: \"siglip\" is not supported");
        clip.delete("config.json");
        assertRefused(tower, "config.json: missing in " + clip.path());
    }

    private void refuse(String field, String value, String message) throws IOException {
        TestFolder changed = TestFolder.empty(temp.resolve("changed-" + field))
                .write("config.json", Files.readString(model.path().resolve("config.json")))
                .set("config.json", field, value);
        assertThatThrownBy(() -> ModelFolder.open(changed.path(), Optional.of(clip.path())))
                .isInstanceOf(ModelFormatException.class)
                .hasMessageStartingWith(message);
    }

    private void assertRefused(Optional<Path> tower, String message) {
        assertThatThrownBy(() -> ModelFolder.open(model.path(), tower))
                .isInstanceOf(ModelFormatException.class)
                .hasMessageStartingWith(message);
    }
}
