package org.llavacluster.modelio.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.llavacluster.modelio.json.Fields;
import org.llavacluster.modelio.json.JsonFile;

/** Reads a text model. A missing field has the default of the model's class in transformers. */
final class DecoderFields {

    /** The two families, which differ here only in these defaults. */
    enum Family {
        LLAMA(11008, 0, 2048, 0),
        MISTRAL(14336, 8, 4096 * 32, 4096);

        private final int intermediateSize;
        private final int kvHeads;
        private final int positions;
        private final int slidingWindow;

        Family(int intermediateSize, int kvHeads, int positions, int slidingWindow) {
            this.intermediateSize = intermediateSize;
            this.kvHeads = kvHeads;
            this.positions = positions;
            this.slidingWindow = slidingWindow;
        }
    }

    private DecoderFields() {}

    /**
     * @param config the file's outermost object
     * @param text the object with the text model's fields: one inside of config, or config itself
     * @param tiedEmbeddings whether the output head is the embedding table; the field that says so differs between
     *     layouts
     */
    static DecoderConfig read(Path folder, Fields config, Fields text, Family family, boolean tiedEmbeddings) {
        Unsupported.refuse(text, "attention_bias", "mlp_bias", "quantization_config");
        Unsupported.oneOf(text, "hidden_act", "silu", List.of("silu", "swish"));
        int hiddenSize = text.positive("hidden_size", 4096);
        int heads = text.positive("num_attention_heads", 32);
        int kvHeads = kvHeads(text, heads, family);
        int positions = text.positive("max_position_embeddings", family.positions);
        return new DecoderConfig(
                text.positive("vocab_size", 32000),
                hiddenSize,
                text.positive("intermediate_size", family.intermediateSize),
                text.positive("num_hidden_layers", 32),
                heads,
                kvHeads,
                headDim(text, hiddenSize, heads),
                positions,
                window(text, positions, family),
                (float) text.positiveNumber("rms_norm_eps", 1e-6),
                RopeFields.read(text, positions),
                tiedEmbeddings,
                endIds(folder, config, text));
    }

    private static int kvHeads(Fields text, int heads, Family family) {
        boolean asMany = text.hasKey("num_key_value_heads") || family.kvHeads == 0;
        int kvHeads = text.positive("num_key_value_heads", asMany ? heads : family.kvHeads);
        if (heads % kvHeads != 0) {
            throw text.error("num_key_value_heads", "must divide num_attention_heads " + heads + ", is " + kvHeads);
        }
        return kvHeads;
    }

    private static int headDim(Fields text, int hiddenSize, int heads) {
        if (!text.has("head_dim") && hiddenSize % heads != 0) {
            throw text.error("num_attention_heads", "must divide hidden_size " + hiddenSize + ", is " + heads);
        }
        int headDim = text.positive("head_dim", Math.max(1, hiddenSize / heads));
        if (headDim % 2 != 0) {
            throw text.error("head_dim", "must be even for rotary embedding, is " + headDim);
        }
        return headDim;
    }

    /**
     * A window of at least all positions hides nothing. transformers 5.18 reads {@code sliding_window} whatever the
     * value of {@code use_sliding_window}, and also drops older keys from its cache for a LLaMA with a window.
     */
    private static OptionalInt window(Fields text, int positions, Family family) {
        String field = "sliding_window";
        if (!text.has(field) && (text.hasKey(field) || family.slidingWindow == 0)) {
            return OptionalInt.empty();
        }
        int window = text.positive(field, family.slidingWindow);
        return window < positions ? OptionalInt.of(window) : OptionalInt.empty();
    }

    /** generation_config.json takes precedence, as in transformers' generate. */
    private static List<Integer> endIds(Path folder, Fields config, Fields text) {
        List<Fields> places = new ArrayList<>();
        JsonFile.readIfPresent(folder, "generation_config.json", JsonFile.CONFIG_BYTES)
                .ifPresent(places::add);
        places.add(config);
        places.add(text);
        for (Fields place : places) {
            List<Integer> ids = place.integers("eos_token_id");
            if (ids.stream().anyMatch(id -> id < 0)) {
                throw place.error("eos_token_id", "must not be negative");
            }
            if (!ids.isEmpty()) {
                return ids;
            }
        }
        return List.of(2);
    }
}
