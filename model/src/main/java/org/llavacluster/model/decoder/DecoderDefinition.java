package org.llavacluster.model.decoder;

import org.llavacluster.engine.program.ProgramBuilder;
import org.llavacluster.engine.program.Value;
import org.llavacluster.modelio.config.DecoderConfig;

/**
 * LLaMA (arXiv 2302.13971) with grouped-query attention (arXiv 2305.13245), which is also Mistral's architecture.
 * Serving and the parity tests share this definition.
 */
final class DecoderDefinition {

    private final ProgramBuilder p;
    private final DecoderConfig config;
    private final RotaryFrequencies rotation;
    private final Value positions;
    private final LayerAttention attention;

    /**
     * @param positions {@code [rows]} positions of the rows that go through the layers
     */
    DecoderDefinition(ProgramBuilder p, DecoderConfig config, Value positions, LayerAttention attention) {
        this.p = p;
        this.config = config;
        this.rotation = RotaryFrequencies.of(config.rope(), config.headDim());
        this.positions = positions;
        this.attention = attention;
    }

    /** ids {@code [n]} to {@code [n, hidden]}. */
    Value embed(Value ids) {
        return p.embedding(ids, embeddings());
    }

    /** All layers: {@code [rows, hidden]} to {@code [rows, hidden]}. */
    Value layers(Value x) {
        Value y = x;
        for (int layer = 0; layer < config.layers(); layer++) {
            y = layer(y, layer);
        }
        return y;
    }

    /** The last norm and the output head: {@code [n, hidden]} to {@code [n, vocabulary]}. */
    Value logits(Value x) {
        Value head = config.tiedEmbeddings()
                ? embeddings()
                : weight("lm_head.weight", config.vocabulary(), config.hiddenSize());
        return p.linear(norm("norm", x), head, null);
    }

    /** {@code x + attention(norm(x))}, then {@code x + mlp(norm(x))}; {@code [rows, hidden]}. */
    private Value layer(Value x, int layer) {
        String name = "layers." + layer;
        Value y = p.add(x, attention(norm(name + ".input_layernorm", x), name + ".self_attn", layer));
        return p.add(y, mlp(norm(name + ".post_attention_layernorm", y), name + ".mlp"));
    }

    private Value attention(Value x, String name, int layer) {
        int headDim = config.headDim();
        Value q = linear(x, name + ".q_proj", config.heads() * headDim);
        Value k = linear(x, name + ".k_proj", config.kvHeads() * headDim);
        Value v = linear(x, name + ".v_proj", config.kvHeads() * headDim);
        Value heads = attention.attend(rotate(q, config.heads()), rotate(k, config.kvHeads()), v, layer);
        return linear(heads, name + ".o_proj", config.hiddenSize());
    }

    private Value mlp(Value x, String name) {
        Value gate = linear(x, name + ".gate_proj", config.intermediateSize());
        Value up = linear(x, name + ".up_proj", config.intermediateSize());
        return linear(p.siluGate(gate, up), name + ".down_proj", config.hiddenSize());
    }

    private Value rotate(Value x, int heads) {
        return p.rope(x, positions, heads, rotation.frequencies(), rotation.scale());
    }

    private Value norm(String name, Value x) {
        return p.rmsNorm(x, weight(name + ".weight", x.columns()), config.rmsNormEps());
    }

    private Value linear(Value x, String name, long out) {
        return p.linear(x, weight(name + ".weight", out, x.columns()), null);
    }

    private Value embeddings() {
        return weight("embed_tokens.weight", config.vocabulary(), config.hiddenSize());
    }

    private Value weight(String name, long... shape) {
        return p.weight("decoder." + name, shape);
    }
}
