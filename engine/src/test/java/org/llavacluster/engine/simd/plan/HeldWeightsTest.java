package org.llavacluster.engine.simd.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.llavacluster.engine.DType;
import org.llavacluster.engine.FloatConversion;
import org.llavacluster.engine.Weights;
import org.llavacluster.engine.WeightsFormat;
import org.llavacluster.engine.contract.RandomTensors;
import org.llavacluster.engine.contract.SmallDecoder;
import org.llavacluster.engine.program.Program;
import org.llavacluster.engine.simd.kernel.Gemv;
import org.llavacluster.engine.simd.pack.Packing;
import org.llavacluster.engine.simd.pack.StoredRows;
import org.llavacluster.engine.simd.threads.WorkerPool;

class HeldWeightsTest {

    private static final List<Program> PROGRAMS = List.of(new SmallDecoder(2, 4, 2, 8, 48, 50).program());

    @Test
    void shouldHoldAllWeightsInOneMemory() {
        Weights weights = RandomTensors.weights(1, DType.BF16, PROGRAMS);
        WeightLayout layout = WeightLayout.of(PROGRAMS, WeightsFormat.F32, weights);
        try (Arena arena = Arena.ofConfined();
                WorkerPool pool = new WorkerPool(1)) {
            MemorySegment filled = arena.allocate(layout.bytes(), 64);
            HeldWeights.fill(PROGRAMS, weights, layout, filled, (weight, matrix) -> Packing.pack(weight, matrix, pool));
            // As a packed file brings it: nothing else is needed.
            MemorySegment memory = arena.allocate(layout.bytes(), 64).copyFrom(filled);
            HeldWeights held = new HeldWeights(layout, memory);
            assertThat(layout.tables()).hasSize(1);
            layout.tables().forEach((name, rows) -> {
                assertThat(rows.dtype()).isEqualTo(DType.BF16);
                assertThat(memory.asSlice(rows.offset(), rows.bytes())
                                .mismatch(weights.get(name).bytes()))
                        .as(name)
                        .isEqualTo(-1);
                assertThat(held.table(name)).isNotNull();
            });
            assertThat(layout.constants()).isNotEmpty();
            layout.constants().keySet().forEach(name -> assertThat(held.constant(name))
                    .as(name)
                    .containsExactly(StoredRows.read(weights.get(name))));
            assertThat(layout.matrices()).isNotEmpty();
            layout.matrices().keySet().forEach(name -> {
                float[] unit = new float[held.matrix(name).rowFloats()];
                unit[0] = 1;
                float[] sums = new float[Gemv.COLUMNS];
                held.matrix(name).multiply(unit, 0, sums, 0);
                assertThat(sums[0]).as(name).isEqualTo(StoredRows.read(weights.get(name))[0]);
            });
        }
    }

    @Test
    void shouldBeLaidOutOtherwiseWhereTablesAreStoredOtherwise() {
        WeightLayout narrow =
                WeightLayout.of(PROGRAMS, WeightsFormat.F32, RandomTensors.weights(1, DType.BF16, PROGRAMS));
        WeightLayout other =
                WeightLayout.of(PROGRAMS, WeightsFormat.F32, RandomTensors.weights(1, DType.F16, PROGRAMS));
        assertThat(other.bytes()).isEqualTo(narrow.bytes());
        assertThat(other.toString()).isNotEqualTo(narrow.toString());
    }

    @Test
    void shouldNameAWeightThatIsMisshaped() {
        Weights weights = RandomTensors.weights(1, DType.F32, PROGRAMS);
        WeightLayout layout = WeightLayout.of(PROGRAMS, WeightsFormat.F32, weights);
        String table = layout.tables().firstEntry().getKey();
        Weights misshaped = name -> {
            Weights.Weight weight = weights.get(name);
            return name.equals(table)
                    ? new Weights.Weight(name, weight.dtype(), new long[] {2, 2}, weight.bytes())
                    : weight;
        };
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment memory = arena.allocate(layout.bytes(), 64);
            assertThatThrownBy(() -> HeldWeights.fill(PROGRAMS, misshaped, layout, memory, (weight, matrix) -> {}))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining(table)
                    .hasMessageContaining("[2, 2]");
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = DType.class,
            names = {"F32", "F16", "BF16"})
    void shouldNameAnyWeightThatIsNotFinite(DType dtype) {
        Weights weights = RandomTensors.weights(1, dtype, PROGRAMS);
        WeightLayout layout = WeightLayout.of(PROGRAMS, WeightsFormat.F32, weights);
        Set<String> names = new TreeSet<>(layout.tables().keySet());
        names.addAll(layout.matrices().keySet());
        names.addAll(layout.constants().keySet());
        try (Arena arena = Arena.ofShared();
                WorkerPool pool = new WorkerPool(1)) {
            MemorySegment memory = arena.allocate(layout.bytes(), 64);
            for (String name : names) {
                Weights spoilt = other -> other.equals(name) ? spoilt(weights.get(name), arena) : weights.get(other);
                assertThatThrownBy(() -> HeldWeights.fill(
                                PROGRAMS,
                                spoilt,
                                layout,
                                memory,
                                (weight, matrix) -> Packing.pack(weight, matrix, pool)))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessage("weight " + name + " contains NaN or infinity");
            }
        }
    }

    /** With infinity for its last element. */
    private static Weights.Weight spoilt(Weights.Weight weight, Arena arena) {
        MemorySegment bytes = arena.allocate(weight.bytes().byteSize()).copyFrom(weight.bytes());
        long size = weight.dtype().bytes();
        MemorySegment infinity = arena.allocate(size);
        MemorySegment one = arena.allocateFrom(ValueLayout.JAVA_FLOAT, Float.POSITIVE_INFINITY);
        FloatConversion.convert(DType.F32, one, weight.dtype(), infinity);
        bytes.asSlice(bytes.byteSize() - size).copyFrom(infinity);
        return new Weights.Weight(weight.name(), weight.dtype(), weight.shape(), bytes);
    }
}
