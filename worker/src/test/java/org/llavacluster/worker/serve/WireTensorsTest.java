package org.llavacluster.worker.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import org.junit.jupiter.api.Test;
import org.llavacluster.engine.DType;
import org.llavacluster.engine.FloatConversion;
import org.llavacluster.engine.HostTensor;
import org.llavacluster.node.tensor.CachedTensor;
import org.llavacluster.proto.cluster.v1.DataType;
import org.llavacluster.worker.model.WireFormat;

class WireTensorsTest {

    private static final ByteString KEY = ByteString.copyFromUtf8("key");

    private final HostTensor batch = HostTensor.ofFloats(new float[] {1, 2, 3, 4.0001f, 5, 6, 7, 8}, 4, 2);

    @Test
    void shouldCopyRowsOfOneImageOutOfABatchToTheHeap() {
        CachedTensor middle = WireTensors.rows(KEY, batch, 1, 2, WireFormat.F32);
        assertThat(middle.layout().key()).isEqualTo(KEY);
        assertThat(middle.layout().shape()).containsExactly(2L, 2L);
        assertThat(middle.layout().dataType()).isEqualTo(DataType.DATA_TYPE_F32);
        assertThat(middle.bytes().toArray(HostTensor.FLOAT)).containsExactly(3, 4.0001f, 5, 6);
        assertThat(middle.bytes().heapBase().orElseThrow()).isInstanceOf(byte[].class);
    }

    @Test
    void shouldRoundToHalvesWhereTheyTravel() {
        CachedTensor middle = WireTensors.rows(KEY, batch, 1, 2, WireFormat.F16);
        assertThat(middle.layout().dataType()).isEqualTo(DataType.DATA_TYPE_F16);
        HostTensor back = HostTensor.heap(DType.F32, 2, 2);
        FloatConversion.convert(DType.F16, middle.bytes(), DType.F32, back.bytes());
        assertThat(back.toFloats()).containsExactly(3, 4, 5, 6);
    }

    @Test
    void shouldRefuseRowsThatAreNotThere() {
        assertThatThrownBy(() -> WireTensors.rows(KEY, batch, 3, 2, WireFormat.F32))
                .isInstanceOf(IndexOutOfBoundsException.class);
    }
}
