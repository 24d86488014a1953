package org.llavacluster.model.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.llavacluster.model.checkpoint.TensorNames.Place;

class TensorNamesTest {

    @ParameterizedTest
    @CsvSource({
        // A, published files
        "language_model.model.embed_tokens.weight, decoder.embed_tokens.weight",
        "language_model.model.layers.31.self_attn.q_proj.weight, decoder.layers.31.self_attn.q_proj.weight",
        "language_model.model.norm.weight, decoder.norm.weight",
        "language_model.lm_head.weight, decoder.lm_head.weight",
        "multi_modal_projector.linear_1.weight, projector.linear_1.weight",
        "multi_modal_projector.linear_2.bias, projector.linear_2.bias",
        "vision_tower.vision_model.embeddings.class_embedding, vision.embeddings.class_embedding",
        "vision_tower.vision_model.encoder.layers.0.mlp.fc1.bias, vision.encoder.layers.0.mlp.fc1.bias",
        "image_newline, projector.image_newline",
        // B and C, in memory in transformers 4.52 and 5
        "model.language_model.layers.0.mlp.up_proj.weight, decoder.layers.0.mlp.up_proj.weight",
        "lm_head.weight, decoder.lm_head.weight",
        "model.multi_modal_projector.linear_1.bias, projector.linear_1.bias",
        "model.vision_tower.vision_model.pre_layrnorm.weight, vision.pre_layrnorm.weight",
        "model.vision_tower.pre_layrnorm.bias, vision.pre_layrnorm.bias",
        "model.image_newline, projector.image_newline",
        // D, saved by transformers 5
        "vision_tower.embeddings.patch_embedding.weight, vision.embeddings.patch_embedding.weight",
        // E, F and G, the original code
        "model.embed_tokens.weight, decoder.embed_tokens.weight",
        "model.layers.0.input_layernorm.weight, decoder.layers.0.input_layernorm.weight",
        "model.norm.weight, decoder.norm.weight",
        "model.mm_projector.0.weight, projector.linear_1.weight",
        "model.mm_projector.2.bias, projector.linear_2.bias",
        "model.mm_projector.weight, projector.linear_1.weight",
        "model.mm_projector.bias, projector.linear_1.bias",
        "model.vision_tower.vision_tower.vision_model.encoder.layers.3.layer_norm1.weight,"
                + " vision.encoder.layers.3.layer_norm1.weight"
    })
    void shouldNameWeightsAlikeWhoeverWroteThem(String stored, String weight) {
        assertThat(TensorNames.place(stored)).isEqualTo(new Place.Weight(weight));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "model.layers.0.self_attn.rotary_emb.inv_freq",
                "language_model.model.layers.0.self_attn.rotary_emb.inv_freq",
                "vision_tower.vision_model.embeddings.position_ids",
                "vision_tower.embeddings.position_ids",
                "vision_tower.vision_model.post_layernorm.weight",
                "model.vision_tower.post_layernorm.bias",
                "vision_tower.visual_projection.weight"
            })
    void shouldIgnoreWhatInferenceDoesNotNeed(String stored) {
        assertThat(TensorNames.place(stored)).isEqualTo(new Place.Ignored());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "model",
                "language_model.model",
                "transformer.h.0.attn.weight",
                "base_model.model.model.layers.0.self_attn.q_proj.lora_A.weight",
                "model.mm_projector.1.weight",
                "vision_model.pre_layrnorm.weight",
                "text_model.final_layer_norm.weight"
            })
    void shouldNotKnowAnythingElse(String stored) {
        assertThat(TensorNames.place(stored)).isEqualTo(new Place.Unknown());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "text_model.encoder.layers.0.mlp.fc1.weight",
                "text_model.embeddings.position_ids",
                "visual_projection.weight",
                "text_projection.weight",
                "logit_scale",
                "vision_model.post_layernorm.weight",
                "vision_model.embeddings.position_ids"
            })
    void shouldIgnoreTheRestOfAWholeClipModel(String stored) {
        assertThat(TensorNames.placeInTower(stored)).isEqualTo(new Place.Ignored());
    }

    @ParameterizedTest
    @ValueSource(strings = {"vision_model.pre_layrnorm.weight", "pre_layrnorm.weight"})
    void shouldKnowTheWeightsOfAClipFolder(String stored) {
        assertThat(TensorNames.placeInTower(stored)).isEqualTo(new Place.Weight("vision.pre_layrnorm.weight"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"lm_head.weight", "layers.0.mlp.up_proj.weight", "model.mm_projector.weight"})
    void shouldNotTakeALanguageModelForAClipFolder(String stored) {
        assertThat(TensorNames.placeInTower(stored)).isEqualTo(new Place.Unknown());
    }
}
