package org.llavacluster.worker.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.llavacluster.engine.DType;
import org.llavacluster.engine.FloatConversion;
import org.llavacluster.engine.HostTensor;

class WireTensorsTest {

    private final HostTensor batch = HostTensor.ofFloats(new float[] {1, 2, 3, 4.0001f, 5, 6, 7, 8}, 4, 2);

    @Test
    void shouldCopyRowsOfOneImageOutOfABatchToTheHeap() {
        HostTensor middle = WireTensors.rows(batch, 1, 2, WireFormat.F32);
        assertThat(middle.shape()).containsExactly(2, 2);
        assertThat(middle.toFloats()).containsExactly(3, 4.0001f, 5, 6);
        assertThat(middle.bytes().heapBase()).containsInstanceOf(byte[].class);
        assertThat(batch.shape()).containsExactly(4, 2);
    }

    @Test
    void shouldRoundToHalvesWhereTheyTravel() {
        HostTensor middle = WireTensors.rows(batch, 1, 2, WireFormat.F16);
        assertThat(middle.dtype()).isEqualTo(DType.F16);
        HostTensor back = HostTensor.heap(DType.F32, 2, 2);
        FloatConversion.convert(DType.F16, middle.bytes(), DType.F32, back.bytes());
        assertThat(back.toFloats()).containsExactly(3, 4, 5, 6);
    }

    @Test
    void shouldRefuseRowsThatAreNotThere() {
        assertThatThrownBy(() -> WireTensors.rows(batch, 3, 2, WireFormat.F32))
                .isInstanceOf(IndexOutOfBoundsException.class);
    }
}
