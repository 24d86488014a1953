package org.llavacluster.engine;

import java.util.HashSet;
import java.util.Set;
import org.llavacluster.engine.program.Op;
import org.llavacluster.engine.program.Program;

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

    /** Positions that the whole cache holds. */
    public long positions() {
        return (long) blocks * blockTokens;
    }

    /**
     * Checks that the KV attention of a program fits this cache.
     *
     * @throws IllegalArgumentException if not
     */
    public void check(Program program) {
        Set<Integer> seen = new HashSet<>();
        for (Op op : program.ops()) {
            if (op instanceof Op.KvAttention attention) {
                long dim = attention.q().columns() / attention.heads();
                if (attention.layer() < 0 || attention.layer() >= layers || !seen.add(attention.layer())) {
                    throw new IllegalArgumentException("program " + program.name() + ": layer " + attention.layer()
                            + " used twice, or not below " + layers);
                }
                if (attention.kvHeads() != kvHeads || dim != headDim) {
                    throw new IllegalArgumentException("program " + program.name() + ": " + attention.kvHeads()
                            + " KV heads of " + dim + ", the cache holds " + kvHeads + " of " + headDim);
                }
            }
        }
    }

    /**
     * Checks that the block tables of a step cover its rows and lie in this cache.
     *
     * @throws IllegalArgumentException if not
     */
    public void check(KvStep step) {
        for (int i = 0; i < step.parts().size(); i++) {
            KvStep.Part part = step.parts().get(i);
            long needed = Math.addExact(part.start(), part.rows());
            if ((long) part.blocks().length * blockTokens < needed) {
                throw new IllegalArgumentException("sequence " + i + " of the step: " + part.blocks().length
                        + " blocks of " + blockTokens + " do not cover " + needed + " positions");
            }
            for (int block : part.blocks()) {
                if (block < 0 || block >= blocks) {
                    throw new IllegalArgumentException(
                            "sequence " + i + " of the step: block " + block + ", limit " + blocks);
                }
            }
        }
    }

    /** The slot, {@code 0 .. positions() - 1}, in which a sequence with this block table keeps a position. */
    public int slot(int[] table, int position) {
        return table[position / blockTokens] * blockTokens + position % blockTokens;
    }
}
