package org.llavacluster.engine.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.llavacluster.engine.Backend;
import org.llavacluster.engine.DType;
import org.llavacluster.engine.FloatConversion;
import org.llavacluster.engine.HostTensor;
import org.llavacluster.engine.LoadedModel;
import org.llavacluster.engine.Weights;
import org.llavacluster.engine.program.Dim;
import org.llavacluster.engine.program.Program;
import org.llavacluster.engine.program.ProgramBuilder;
import org.llavacluster.engine.program.Value;

/** Loading looks at every element of every weight once. */
public interface ScanContract {

    Backend backend();

    @Test
    default void shouldScanEveryElementOnce() {
        for (DType dtype : List.of(DType.F32, DType.F16, DType.BF16)) {
            CountingWeights counting = new CountingWeights(RandomTensors.weights(1, dtype, programs()));
            try (LoadedModel _ = backend().load(programs(), counting, Optional.empty())) {
                assertThat(counting.scanned())
                        .as("elements of %s", dtype)
                        .containsOnlyKeys("head", "scale", "tied", "wide")
                        .containsEntry("head", 5L * 6)
                        .containsEntry("scale", 6L)
                        .containsEntry("tied", 33L * 6)
                        .containsEntry("wide", 6L * 20_000);
            }
        }
    }

    @Test
    default void shouldNameAWeightWithOneValueThatIsNotFinite() {
        for (DType dtype : List.of(DType.F32, DType.F16, DType.BF16)) {
            Weights weights = RandomTensors.weights(1, dtype, programs());
            for (float value : new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}) {
                for (String spoilt : new TreeSet<>(List.of("head", "scale", "tied", "wide"))) {
                    Weights bad = name -> name.equals(spoilt) ? spoilt(weights.get(name), value) : weights.get(name);
                    assertThatThrownBy(() -> backend().load(programs(), bad, Optional.empty()))
                            .as("%s with %s in %s", dtype, value, spoilt)
                            .isInstanceOf(IllegalArgumentException.class)
                            .hasMessage("weight " + spoilt + " contains NaN or infinity");
                }
            }
        }
    }

    /** With that value for the last element. */
    private static Weights.Weight spoilt(Weights.Weight weight, float value) {
        HostTensor copy = HostTensor.heap(weight.dtype(), weight.shape());
        MemorySegment last = copy.bytes()
                .copyFrom(weight.bytes())
                .asSlice(copy.bytes().byteSize() - weight.dtype().bytes());
        FloatConversion.convert(
                DType.F32, HostTensor.ofFloats(new float[] {value}, 1).bytes(), weight.dtype(), last);
        return new Weights.Weight(weight.name(), weight.dtype(), weight.shape(), copy.bytes());
    }

    /** Two programs that share weights; one weight is a table and a matrix, one is longer than is read at a time. */
    private static List<Program> programs() {
        ProgramBuilder first = new ProgramBuilder("first");
        Value ids = first.input("ids", DType.I32, Dim.of("rows"));
        Value rows = first.rmsNorm(first.embedding(ids, first.weight("tied", 33, 6)), first.weight("scale", 6), 1e-5f);
        first.output("tied", first.linear(rows, first.weight("tied", 33, 6), null));
        first.output("head", first.linear(rows, first.weight("head", 5, 6), null));
        ProgramBuilder second = new ProgramBuilder("second");
        Value x = second.input("x", DType.F32, Dim.of("rows"), Dim.of(20_000));
        Value narrow = second.linear(x, second.weight("wide", 6, 20_000), null);
        second.output("head", second.linear(narrow, second.weight("head", 5, 6), null));
        return List.of(first.build(), second.build());
    }
}
