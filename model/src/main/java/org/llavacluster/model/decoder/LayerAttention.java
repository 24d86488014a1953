package org.llavacluster.model.decoder;

import org.llavacluster.engine.program.Dim;
import org.llavacluster.engine.program.ProgramBuilder;
import org.llavacluster.engine.program.Value;
import org.llavacluster.text.config.DecoderConfig;

/** What the decoder's rows attend to: the one thing in which its programs differ. */
@FunctionalInterface
interface LayerAttention {

    /** Causal attention of rotated q [rows, heads * headDim] over rotated k and v [rows, kvHeads * headDim]. */
    Value attend(Value q, Value k, Value v, int layer);

    /** Through the KV cache of the step: serving. */
    static LayerAttention cached(ProgramBuilder p, DecoderConfig config) {
        return (q, k, v, layer) -> p.kvAttention(q, k, v, config.heads(), config.kvHeads(), layer);
    }

    /** Over the rows of the run alone, which are whole sequences of that many rows: training and parity. */
    static LayerAttention whole(ProgramBuilder p, DecoderConfig config, Dim sequenceRows) {
        return (q, k, v, layer) -> p.attention(q, k, v, config.heads(), config.kvHeads(), sequenceRows, true);
    }
}
