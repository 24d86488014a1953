package org.llavacluster.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FloatConversionTest {

    @ParameterizedTest
    @EnumSource(names = {"F16", "BF16"})
    void shouldKeepEveryStoredValue(DType stored) {
        for (int bits = 0; bits < 1 << 16; bits++) {
            float wide = FloatConversion.widen(stored, (short) bits);
            short narrow = FloatConversion.narrow(stored, wide);
            assertThat(Float.isNaN(wide) ? Float.isNaN(FloatConversion.widen(stored, narrow)) : narrow == (short) bits)
                    .as("%s bits %x", stored, bits)
                    .isTrue();
        }
    }

    @Test
    void shouldRoundToTheNearestTiesToEven() {
        assertThat(FloatConversion.widen(DType.BF16, FloatConversion.narrow(DType.BF16, 1 + 0x1p-8f)))
                .isEqualTo(1f);
        assertThat(FloatConversion.widen(DType.BF16, FloatConversion.narrow(DType.BF16, 1 + 0x1.8p-7f)))
                .isEqualTo(1 + 0x1p-6f);
        assertThat(FloatConversion.widen(DType.BF16, FloatConversion.narrow(DType.BF16, 1 + 0x1.0002p-8f)))
                .isEqualTo(1 + 0x1p-7f);
        assertThat(FloatConversion.narrow(DType.BF16, Float.MAX_VALUE)).isEqualTo((short) 0x7f80);
        assertThat(FloatConversion.narrow(DType.F16, 65_520f)).isEqualTo((short) 0x7c00);
    }

    @Test
    void shouldConvertWholeTensorsBetweenAllFloatFormats() {
        float[] values = {0, -0f, 1.5f, -2.25f, 1e-3f, 1000.5f, Float.POSITIVE_INFINITY};
        for (DType from : new DType[] {DType.F32, DType.F16, DType.BF16}) {
            for (DType to : new DType[] {DType.F32, DType.F16, DType.BF16}) {
                float[] expected = through(DType.F32, through(to, through(from, values)));
                HostTensor source = HostTensor.heap(from, values.length);
                FloatConversion.convert(
                        DType.F32, HostTensor.ofFloats(values, values.length).bytes(), from, source.bytes());
                HostTensor target = HostTensor.heap(to, values.length);
                FloatConversion.convert(from, source.bytes(), to, target.bytes());
                HostTensor wide = HostTensor.heap(DType.F32, values.length);
                FloatConversion.convert(to, target.bytes(), DType.F32, wide.bytes());
                assertThat(wide.toFloats()).as(from + " to " + to).isEqualTo(expected);
            }
        }
    }

    private static float[] through(DType type, float[] values) {
        float[] rounded = values.clone();
        if (type != DType.F32) {
            for (int i = 0; i < rounded.length; i++) {
                rounded[i] = FloatConversion.widen(type, FloatConversion.narrow(type, rounded[i]));
            }
        }
        return rounded;
    }

    @Test
    void shouldRefuseSizesAndTypesThatDoNotFit() {
        MemorySegment six = MemorySegment.ofArray(new byte[6]);
        MemorySegment eight = MemorySegment.ofArray(new byte[8]);
        assertThatThrownBy(() -> FloatConversion.convert(DType.F16, six, DType.F32, eight))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("6 bytes");
        assertThatThrownBy(() -> FloatConversion.convert(DType.I32, eight, DType.F32, eight))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
