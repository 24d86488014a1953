package org.llavacluster.engine.simd;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.llavacluster.engine.DType;
import org.llavacluster.engine.HostTensor;
import org.llavacluster.engine.LoadedModel;
import org.llavacluster.engine.WeightsFormat;
import org.llavacluster.engine.contract.OperationCase;
import org.llavacluster.engine.contract.RandomTensors;

/**
 * Prints a digest of the bits of every operation in every format: to be run on JVMs with vectors of different widths.
 */
final class WidthProgram {

    private WidthProgram() {}

    public static void main(String[] arguments) {
        System.out.println(digest());
    }

    static String digest() {
        long digest = 1;
        for (WeightsFormat format : WeightsFormat.values()) {
            for (int headDim : new int[] {10, 64}) {
                digest = 31 * digest
                        + Arrays.deepHashCode(new Bits(format, kv(format, headDim), headDim, 1, 16)
                                .run(Bits.random(9))
                                .bits());
            }
        }
        try (SimdBackend backend = new SimdBackend(WeightsFormat.F32, 1)) {
            for (OperationCase operation : OperationCase.all(new Random(3))) {
                Map<String, HostTensor> inputs = RandomTensors.inputs(
                        new Random(4), operation.program(), operation.symbols(), operation.indexLimit());
                try (LoadedModel model = backend.load(
                                List.of(operation.program()),
                                RandomTensors.weights(5, DType.F32, List.of(operation.program())),
                                Optional.empty());
                        LoadedModel.Outputs outputs = model.run("main", inputs)) {
                    for (float value : outputs.get("y").toFloats()) {
                        digest = 31 * digest + Float.floatToRawIntBits(value);
                    }
                }
            }
        }
        return Long.toHexString(digest);
    }

    /** Each stored type where heads are multiplied straight from the cache and where they are not. */
    private static DType kv(WeightsFormat format, int headDim) {
        boolean even = format.ordinal() % 2 == 0;
        return headDim == 64 ? even ? DType.F16 : DType.BF16 : even ? DType.F32 : DType.F16;
    }
}
