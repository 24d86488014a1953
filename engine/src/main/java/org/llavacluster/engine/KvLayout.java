package org.llavacluster.engine;

/**
 * The paged KV cache of a loaded decoder. A block holds {@code blockTokens} positions of one sequence in all layers:
 * K (rotated) and V, each {@code [layers, blocks * blockTokens, kvHeads, headDim]}.
 *
 * @param dtype how K and V are stored: {@link DType#F32}, {@link DType#F16} or {@link DType#BF16}
 */
public record KvLayout(int layers, int kvHeads, int headDim, int blocks, int blockTokens, DType dtype) {

    public KvLayout {
        if (layers < 1 || kvHeads < 1 || headDim < 1 || blocks < 1 || blockTokens < 1) {
            throw new IllegalArgumentException("sizes of a KV layout must be positive: layers " + layers + ", kvHeads "
                    + kvHeads + ", headDim " + headDim + ", blocks " + blocks + ", blockTokens " + blockTokens);
        }
        if (dtype == DType.I32) {
            throw new IllegalArgumentException("K and V cannot be stored as " + dtype);
        }
    }

    /** Bytes that one block takes over all layers, K and V together. */
    public long blockBytes() {
        return 2L * layers * blockTokens * kvHeads * headDim * dtype.bytes();
    }
}
