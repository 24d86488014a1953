package org.llavacluster.model.bench;

import java.util.List;
import java.util.OptionalInt;
import org.llavacluster.modelio.config.DecoderConfig;
import org.llavacluster.modelio.config.RopeConfig;

/** Decoders of well-known sizes. */
public enum DecoderShape {
    TINYLLAMA_1_1B("tinyllama-1.1b", 2048, 5632, 22, 32, 4),
    LLAMA_7B("llama-7b", 4096, 11008, 32, 32, 32);

    private final String written;
    private final DecoderConfig config;

    DecoderShape(String written, int hidden, int inner, int layers, int heads, int kvHeads) {
        this.written = written;
        this.config = llama(32_000, hidden, inner, layers, heads, kvHeads);
    }

    /** The name on the command line. */
    public String written() {
        return written;
    }

    public DecoderConfig config() {
        return config;
    }

    /** A LLaMA of those sizes, with LLaMA's usual settings otherwise. */
    static DecoderConfig llama(int vocabulary, int hidden, int inner, int layers, int heads, int kvHeads) {
        return new DecoderConfig(
                vocabulary,
                hidden,
                inner,
                layers,
                heads,
                kvHeads,
                hidden / heads,
                4096,
                OptionalInt.empty(),
                1e-5f,
                new RopeConfig(10_000, new RopeConfig.Scaling.None()),
                false,
                List.of(2));
    }
}
