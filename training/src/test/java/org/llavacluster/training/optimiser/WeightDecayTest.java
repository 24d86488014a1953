package org.llavacluster.training.optimiser;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WeightDecayTest {

    @ParameterizedTest
    @CsvSource({
        "decoder.embed_tokens.weight, true",
        "decoder.lm_head.weight, true",
        "decoder.layers.0.self_attn.q_proj.weight, true",
        "decoder.layers.0.mlp.down_proj.weight, true",
        "decoder.layers.0.self_attn.q_proj.lora_A.weight, true",
        "decoder.layers.10.input_layernorm.weight, false",
        "decoder.layers.10.post_attention_layernorm.weight, false",
        "decoder.norm.weight, false",
        "projector.linear_1.weight, true",
        "projector.linear_1.bias, false",
        "vision.pre_layrnorm.weight, false",
        "vision.encoder.layers.1.layer_norm2.weight, false",
        "vision.encoder.layers.1.mlp.fc1.bias, false",
        "vision.embeddings.class_embedding, true",
        "text_model.final_layer_norm.weight, false",
        "language_model.model.norm.weight, false"
    })
    void shouldDecayAllButNormsAndBiases(String weight, boolean decays) {
        assertThat(WeightDecay.appliesTo(weight)).isEqualTo(decays);
        assertThat(new WeightDecay(0.1).of(weight)).isEqualTo(decays ? 0.1 : 0);
    }

    @Test
    void shouldClipToTheLargestNorm() {
        assertThat(new GradientClipping(1).factor(4)).isEqualTo(1 / 4.000001);
        assertThat(new GradientClipping(1).factor(0.5)).isEqualTo(1);
        assertThat(new GradientClipping(1).factor(0)).isEqualTo(1);
        assertThat(new GradientClipping(Double.POSITIVE_INFINITY).factor(1e30)).isEqualTo(1);
        assertThatThrownBy(() -> new GradientClipping(0)).hasMessageContaining("above 0");
    }
}
