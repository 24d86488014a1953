package org.llavacluster.model.decoder;

import org.llavacluster.engine.program.Dim;
import org.llavacluster.engine.program.ProgramBuilder;
import org.llavacluster.engine.program.Value;
import org.llavacluster.modelio.config.DecoderConfig;

/** The attention of the decoder's layers, the only part in which its programs differ. */
@FunctionalInterface
interface LayerAttention {

    /**
     * Causal attention of rotated q {@code [rows, heads * headDim]} over rotated k and over v, both {@code [rows,
     * kvHeads * headDim]}.
     */
    Value attend(Value q, Value k, Value v, int layer);

    /** Attention through the KV cache, for serving. */
    static LayerAttention cached(ProgramBuilder p, DecoderConfig config) {
        return (q, k, v, layer) -> p.kvAttention(q, k, v, config.heads(), config.kvHeads(), layer);
    }

    /**
     * Attention over the rows of the run only, which are whole sequences of that many rows, for training and parity
     * tests.
     */
    static LayerAttention whole(ProgramBuilder p, DecoderConfig config, Dim sequenceRows) {
        return (q, k, v, layer) -> p.attention(q, k, v, config.heads(), config.kvHeads(), sequenceRows, true);
    }
}
