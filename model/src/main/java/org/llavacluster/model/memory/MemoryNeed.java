package org.llavacluster.model.memory;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.llavacluster.engine.DType;
import org.llavacluster.engine.KvLayout;
import org.llavacluster.engine.WeightsFormat;
import org.llavacluster.engine.program.Op;
import org.llavacluster.engine.program.Program;
import org.llavacluster.engine.program.Value;
import org.llavacluster.model.ModelPart;
import org.llavacluster.model.ServingPrograms;
import org.llavacluster.modelio.config.DecoderConfig;
import org.llavacluster.modelio.config.ModelConfig;

/**
 * Computes the memory that the parts of a model take: weights as a backend holds them, and KV cache. Scratch memory and
 * the runtime are not included.
 */
public final class MemoryNeed {

    private final ModelConfig config;

    public MemoryNeed(ModelConfig config) {
        this.config = config;
    }

    /** Number of loaded weights of that part; layers that are not computed do not count. */
    public long parameters(ModelPart part) {
        return weights(part).values().stream().mapToLong(Held::elements).sum();
    }

    /** Bytes of that part's weights: tables and matrices in the format, vectors and other weights in float32. */
    public long weightBytes(ModelPart part, WeightsFormat format) {
        return weights(part).values().stream()
                .mapToLong(weight -> weight.bytes(format))
                .sum();
    }

    /** Bytes of K and V of one position over all layers. */
    public long kvBytesPerToken(DType dtype) {
        DecoderConfig decoder = config.decoder();
        return new KvLayout(decoder.layers(), decoder.kvHeads(), decoder.headDim(), 1, 1, dtype).blockBytes();
    }

    private Map<String, Held> weights(ModelPart part) {
        Map<String, Held> weights = new LinkedHashMap<>();
        for (Program program : ServingPrograms.of(part, config)) {
            Set<Integer> matrices = matrices(program);
            for (int i = 0; i < program.ops().size(); i++) {
                if (program.ops().get(i) instanceof Op.Weight(String name, List<Long> shape)) {
                    weights.put(name, new Held(shape, matrices.contains(i)));
                }
            }
        }
        return weights;
    }

    /** Ids of the weights that the program multiplies with or looks rows up in. */
    private static Set<Integer> matrices(Program program) {
        Set<Integer> matrices = new HashSet<>();
        for (Op op : program.ops()) {
            if (op instanceof Op.Linear linear) {
                matrices.add(stored(program, linear.weight()));
            } else if (op instanceof Op.Embedding embedding) {
                matrices.add(stored(program, embedding.table()));
            }
        }
        return matrices;
    }

    private static int stored(Program program, Value value) {
        return program.ops().get(value.id()) instanceof Op.Reshape reshape
                ? reshape.x().id()
                : value.id();
    }

    /**
     * @param shape as stored; the first size of a matrix counts rows
     */
    private record Held(List<Long> shape, boolean matrix) {

        long elements() {
            return shape.stream().reduce(1L, Math::multiplyExact);
        }

        long bytes(WeightsFormat format) {
            long rows = shape.getFirst();
            return matrix ? format.bytes(rows, elements() / rows) : WeightsFormat.F32.bytes(1, elements());
        }
    }
}
