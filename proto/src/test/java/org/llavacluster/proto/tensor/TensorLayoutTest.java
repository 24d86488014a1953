package org.llavacluster.proto.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.llavacluster.proto.cluster.v1.DataType;
import org.llavacluster.proto.cluster.v1.TensorHeader;

/** Holds the limit {@code FixedLimits.TENSOR_KEY_BYTES}. */
class TensorLayoutTest {

    private static final ByteString KEY = ByteString.copyFromUtf8("k");

    @Test
    void shouldCountBytes() {
        assertThat(layout(DataType.DATA_TYPE_F32, 576L, 4096L).byteSize()).isEqualTo(9_437_184);
        assertThat(layout(DataType.DATA_TYPE_F16, 576L, 4096L).byteSize()).isEqualTo(4_718_592);
        assertThat(layout(DataType.DATA_TYPE_BF16, 1L << 61).byteSize()).isEqualTo(1L << 62);
    }

    @Test
    void shouldSurviveItsHeader() {
        TensorLayout layout = layout(DataType.DATA_TYPE_F16, 2880L, 4096L);
        assertThat(TensorLayout.of(layout.toHeader())).isEqualTo(layout);
    }

    @Test
    void shouldRefuseHeadersWhoseArithmeticDoesNotHold() {
        assertRefused("has a dimension below 1", DataType.DATA_TYPE_F32, List.of(576L, 0L));
        assertRefused("has a dimension below 1", DataType.DATA_TYPE_F32, List.of(-576L, -4096L));
        assertRefused("exceeds 2^63 - 1 bytes", DataType.DATA_TYPE_F32, List.of(1L << 61));
        assertRefused("exceeds 2^63 - 1 bytes", DataType.DATA_TYPE_F32, List.of(1L << 32, 1L << 32));
        assertRefused("rank must be 1 to 8, not 0", DataType.DATA_TYPE_F32, List.of());
        assertRefused("rank must be 1 to 8, not 64", DataType.DATA_TYPE_F32, Collections.nCopies(64, 1L));
        assertRefused("data_type must be", DataType.DATA_TYPE_UNSPECIFIED, List.of(1L));
        assertThatThrownBy(() -> TensorLayout.of(TensorHeader.newBuilder()
                        .setKey(KEY)
                        .setDataTypeValue(99)
                        .addShape(1)
                        .build()))
                .hasMessageContaining("data_type must be");
        for (int bytes : new int[] {TensorLayout.MAX_KEY_BYTES - 1, TensorLayout.MAX_KEY_BYTES}) {
            assertThat(new TensorLayout(ByteString.copyFrom(new byte[bytes]), DataType.DATA_TYPE_F32, List.of(1L))
                            .key()
                            .size())
                    .isEqualTo(bytes);
        }
        assertThatThrownBy(() -> new TensorLayout(ByteString.EMPTY, DataType.DATA_TYPE_F32, List.of(1L)))
                .hasMessageContaining("key must have 1 to 128 bytes, not 0");
        assertThatThrownBy(
                        () -> new TensorLayout(ByteString.copyFrom(new byte[129]), DataType.DATA_TYPE_F32, List.of(1L)))
                .hasMessageContaining("key must have 1 to 128 bytes, not 129");
    }

    private static TensorLayout layout(DataType dataType, Long... shape) {
        return new TensorLayout(KEY, dataType, List.of(shape));
    }

    private static void assertRefused(String message, DataType dataType, List<Long> shape) {
        assertThatThrownBy(() -> new TensorLayout(KEY, dataType, shape))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
    }
}
