package org.llavacluster.engine.program;

import java.util.List;
import java.util.Map;

/**
 * A traced computation: operations in an order in which each reads only results of earlier ones. Symbolic sizes are
 * bound when it runs.
 *
 * @param ops {@code ops[i]} makes {@code values[i]}
 * @param outputs by name
 */
public record Program(String name, List<Op> ops, List<Value> values, Map<String, Value> outputs) {

    public Program {
        ops = List.copyOf(ops);
        values = List.copyOf(values);
        outputs = Map.copyOf(outputs);
        if (ops.size() != values.size()) {
            throw new IllegalArgumentException(ops.size() + " operations make " + values.size() + " values");
        }
    }

    /** The weights that it names, each once, in the order of their first use. */
    public List<Op.Weight> weights() {
        return ops.stream()
                .filter(Op.Weight.class::isInstance)
                .map(Op.Weight.class::cast)
                .distinct()
                .toList();
    }

    /** Whether it needs a KV cache. */
    public boolean hasKvAttention() {
        return ops.stream().anyMatch(Op.KvAttention.class::isInstance);
    }
}
