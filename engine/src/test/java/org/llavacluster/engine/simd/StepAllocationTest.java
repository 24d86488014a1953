package org.llavacluster.engine.simd;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.llavacluster.engine.DType;
import org.llavacluster.engine.HostTensor;
import org.llavacluster.engine.KvLayout;
import org.llavacluster.engine.KvStep;
import org.llavacluster.engine.LoadedModel;
import org.llavacluster.engine.WeightsFormat;
import org.llavacluster.engine.contract.RandomTensors;
import org.llavacluster.engine.contract.SmallDecoder;
import org.llavacluster.engine.program.Program;

/** A step of one token takes no memory but for the objects that say what it is: none that grows with the model. */
class StepAllocationTest {

    /** Less than one row of this decoder's logits. */
    private static final long BOUND_BYTES = 8_000;

    private static final int STEPS = 50;
    private static final int MOST_WINDOWS = 400;

    @ParameterizedTest
    @EnumSource
    void shouldAllocateNothingOfTheModelsSizePerToken(WeightsFormat format) {
        SmallDecoder decoder = new SmallDecoder(2, 4, 2, 64, 512, 4096);
        Program program = decoder.program();
        KvLayout layout = decoder.layout(8, 16, DType.F16);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        try (SimdBackend backend = new SimdBackend(format, 1);
                LoadedModel model = backend.load(
                        List.of(program), RandomTensors.weights(1, DType.F32, List.of(program)), Optional.of(layout))) {
            int[] blocks = IntStream.range(0, 8).toArray();
            KvStep step = new KvStep(List.of(new KvStep.Part(100, 1, blocks)));
            Map<String, HostTensor> inputs = Map.of(
                    "ids", HostTensor.ofInts(new int[] {7}, 1), "positions", HostTensor.ofInts(new int[] {100}, 1));
            // Until the compiler has been at the kernels, vectors are objects.
            long least = Long.MAX_VALUE;
            for (int window = 0; window < MOST_WINDOWS && least > BOUND_BYTES; window++) {
                long before = threads.getCurrentThreadAllocatedBytes();
                for (int i = 0; i < STEPS; i++) {
                    model.run("decode", inputs, step).close();
                }
                least = Math.min(least, (threads.getCurrentThreadAllocatedBytes() - before) / STEPS);
            }
            System.out.printf("%s: %d bytes a step%n", format, least);
            assertThat(least).isLessThanOrEqualTo(BOUND_BYTES);
        }
    }
}
