package org.llavacluster.engine.tensorflow;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.tensorflow.Graph;
import org.tensorflow.GraphOperationBuilder;
import org.tensorflow.Operation;
import org.tensorflow.Output;
import org.tensorflow.Tensor;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.proto.DataType;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/** Writes raw TensorFlow operations into a graph. Shapes of results: as TensorFlow's own documentation gives them. */
final class GraphWriter {

    private final Graph graph;
    private final String prefix;
    private final Map<Object, Output<?>> constants = new HashMap<>();
    private int next;

    /**
     * @param prefix of the names of all operations; no other writer on this graph may use it
     */
    GraphWriter(Graph graph, String prefix) {
        this.graph = graph;
        this.prefix = prefix;
    }

    GraphOperationBuilder operation(String type) {
        return graph.opBuilder(type, prefix + "/" + next++ + "_" + type, graph.baseScope());
    }

    /** An operation that only needs its inputs. */
    Output<?> emit(String type, Output<?>... inputs) {
        GraphOperationBuilder builder = operation(type);
        for (Output<?> input : inputs) {
            builder.addInput(input);
        }
        return builder.build().output(0);
    }

    /** A placeholder; -1 for sizes that differ from run to run. */
    Output<?> placeholder(DataType type, long... shape) {
        return operation("Placeholder")
                .setAttr("dtype", type)
                .setAttr("shape", Shape.of(shape))
                .build()
                .output(0);
    }

    /** The handle of a new variable. */
    Output<?> variable(DataType type, long... shape) {
        GraphOperationBuilder builder = operation("VarHandleOp");
        return builder.setAttr("dtype", type)
                .setAttr("shape", Shape.of(shape))
                .setAttr("shared_name", prefix + "/variable_" + next)
                .build()
                .output(0);
    }

    Operation assign(Output<?> variable, Output<?> value) {
        return operation("AssignVariableOp").addInput(variable).addInput(value).build();
    }

    /** Adds to a variable in place. */
    Operation assignAdd(Output<?> variable, Output<?> value) {
        return operation("AssignAddVariableOp")
                .addInput(variable)
                .addInput(value)
                .build();
    }

    /**
     * Shares the variable's memory, unless anything ever scattered into it or gathered from its handle: then it copies.
     */
    Output<?> read(Output<?> variable, DataType type) {
        return operation("ReadVariableOp")
                .addInput(variable)
                .setAttr("dtype", type)
                .build()
                .output(0);
    }

    /** A vector. */
    Output<?> ints(int... values) {
        return constants.computeIfAbsent(Arrays.stream(values).boxed().toList(), key -> {
            try (TInt32 tensor = TInt32.vectorOf(values)) {
                return constant(DataType.DT_INT32, tensor);
            }
        });
    }

    Output<?> scalar(int value) {
        return constants.computeIfAbsent(value, key -> {
            try (TInt32 tensor = TInt32.scalarOf(value)) {
                return constant(DataType.DT_INT32, tensor);
            }
        });
    }

    Output<?> scalar(float value) {
        return constants.computeIfAbsent(value, key -> {
            try (TFloat32 tensor = TFloat32.scalarOf(value)) {
                return constant(DataType.DT_FLOAT, tensor);
            }
        });
    }

    /** A vector. */
    Output<?> floats(float... values) {
        try (TFloat32 tensor = TFloat32.vectorOf(values)) {
            return constant(DataType.DT_FLOAT, tensor);
        }
    }

    private Output<?> constant(DataType type, Tensor tensor) {
        return operation("Const")
                .setAttr("dtype", type)
                .setAttr("value", tensor)
                .build()
                .output(0);
    }

    Output<?> add(Output<?> a, Output<?> b) {
        return emit("AddV2", a, b);
    }

    Output<?> sub(Output<?> a, Output<?> b) {
        return emit("Sub", a, b);
    }

    Output<?> mul(Output<?> a, Output<?> b) {
        return emit("Mul", a, b);
    }

    /** Mean over the last dimension, which stays with size 1. */
    Output<?> meanOfColumns(Output<?> x) {
        return operation("Mean")
                .addInput(x)
                .addInput(ints(-1))
                .setAttr("keep_dims", true)
                .build()
                .output(0);
    }

    Output<?> cast(Output<?> x, DataType to) {
        return operation("Cast").addInput(x).setAttr("DstT", to).build().output(0);
    }

    /** No copy. One size may be -1: what is left. */
    Output<?> reshape(Output<?> x, int... shape) {
        return emit("Reshape", x, ints(shape));
    }

    Output<?> transpose(Output<?> x, int... permutation) {
        return emit("Transpose", x, ints(permutation));
    }

    /** {@code a b^T}. */
    Output<?> matMulTransposed(Output<?> a, Output<?> b) {
        return operation("MatMul")
                .addInput(a)
                .addInput(b)
                .setAttr("transpose_b", true)
                .build()
                .output(0);
    }

    /**
     * {@code x weight^T}, computed as {@code weight x^T} and transposed: TensorFlow's own kernels are 10 to 20 times
     * slower for the other order with two and more rows.
     */
    Output<?> linear(Output<?> weight, Output<?> x) {
        return transpose(matMulTransposed(weight, x), 1, 0);
    }

    /** Slices of the first dimension. */
    Output<?> gather(Output<?> x, Output<?> indices) {
        return emit("GatherV2", x, indices, scalar(0));
    }

    Output<?> concat(int axis, List<Output<?>> parts) {
        return operation("ConcatV2")
                .addInputList(parts.toArray(Output<?>[]::new))
                .addInput(scalar(axis))
                .build()
                .output(0);
    }

    /** Scalars as a vector. */
    Output<?> pack(List<Output<?>> parts) {
        return operation("Pack")
                .addInputList(parts.toArray(Output<?>[]::new))
                .build()
                .output(0);
    }

    /** Sum of all elements of a vector. */
    Output<?> sum(Output<?> x) {
        return emit("Sum", x, ints(0));
    }

    /** Both halves of the last dimension. */
    List<Output<?>> halves(Output<?> x, int axis) {
        Operation split = operation("Split")
                .addInput(scalar(axis))
                .addInput(x)
                .setAttr("num_split", 2)
                .build();
        return List.of(split.output(0), split.output(1));
    }

    /** {@code 0 .. limit - 1}. */
    Output<?> range(Output<?> limit) {
        return emit("Range", scalar(0), limit, scalar(1));
    }

    /** One size of a tensor, a scalar. */
    Output<?> size(Output<?> x, int dimension) {
        return gather(emit("Shape", x), scalar(dimension));
    }
}
