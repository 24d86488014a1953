package org.llavacluster.worker.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;
import org.llavacluster.engine.DType;
import org.llavacluster.engine.HostTensor;

class WireTensorsTest {

    private static float[] throughHalves(float... values) {
        HostTensor floats = HostTensor.ofFloats(values, values.length);
        HostTensor halves = WireTensors.toWire(floats, WireFormat.F16);
        assertThat(halves.dtype()).isEqualTo(DType.F16);
        assertThat(halves.shape()).containsExactly(values.length);
        HostTensor back = HostTensor.heap(DType.F32, values.length);
        WireTensors.widen(halves.bytes(), back.bytes());
        return back.toFloats();
    }

    @Test
    void shouldRoundToTheNearestHalf() {
        assertThat(throughHalves(1f, -2.5f, 0.333333343f, 5.9604645e-8f, 0f))
                .containsExactly(1f, -2.5f, 0.33325195f, 5.9604645e-8f, 0f);
    }

    @Test
    void shouldKeepLargeValuesFinite() {
        assertThat(throughHalves(70_000f, -1e30f, Float.POSITIVE_INFINITY, Float.NaN))
                .containsExactly(65_504f, -65_504f, Float.POSITIVE_INFINITY, Float.NaN);
    }

    @Test
    void shouldCopyRowsOfOneImageOutOfABatch() {
        HostTensor batch = HostTensor.ofFloats(new float[] {1, 2, 3, 4, 5, 6, 7, 8}, 4, 2);
        HostTensor middle = WireTensors.slice(batch, 1, 2, WireFormat.F32);
        assertThat(middle.shape()).containsExactly(2, 2);
        assertThat(middle.toFloats()).containsExactly(3, 4, 5, 6);
        assertThat(middle.bytes().heapBase()).containsInstanceOf(byte[].class);
        assertThat(batch.shape()).containsExactly(4, 2);
    }

    @Test
    void shouldRefuseMemoryOfAnotherSize() {
        assertThatThrownBy(
                        () -> WireTensors.widen(MemorySegment.ofArray(new byte[6]), MemorySegment.ofArray(new byte[8])))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("8 bytes of float32 and 6 bytes of float16");
    }
}
