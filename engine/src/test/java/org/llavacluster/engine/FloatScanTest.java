package org.llavacluster.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Which stored bits count as finite, at any place. */
class FloatScanTest {

    private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED;

    @ParameterizedTest
    @CsvSource({
        "F32, 7fc00000, false", "F32, 7f800001, false", "F32, ff800000, false", "F32, ffffffff, false",
        "F32, 7f7fffff, true", "F32, ff7fffff, true", "F32, 00000001, true", "F32, 80000000, true",
    })
    void shouldTellFloatsThatAreNotFinite(DType dtype, String bits, boolean finite) {
        // An odd number of elements, so that the last ones do not fill a word.
        for (int count = 1; count <= 9; count++) {
            for (int place = 0; place < count; place++) {
                int[] values = new int[count];
                Arrays.fill(values, 0x7f7fffff);
                values[place] = Integer.parseUnsignedInt(bits, 16);
                assertThat(FloatScan.allFinite(dtype, MemorySegment.ofArray(values)))
                        .as("%s at %d of %d", bits, place, count)
                        .isEqualTo(finite);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = DType.class,
            names = {"F16", "BF16"})
    void shouldTellAllSixteenBitFloats(DType dtype) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment floats = arena.allocate(7 * Short.BYTES);
            for (int bits = 0; bits < 1 << Short.SIZE; bits++) {
                boolean finite = Float.isFinite(FloatConversion.widen(dtype, (short) bits));
                for (int place = 0; place < 7; place += 3) {
                    floats.fill((byte) 0);
                    floats.setAtIndex(SHORT, place, (short) bits);
                    assertThat(FloatScan.allFinite(dtype, floats))
                            .as("%s %04x at %d", dtype, bits, place)
                            .isEqualTo(finite);
                }
            }
        }
    }

    @Test
    void shouldFailAsTold() {
        FloatScan scan = FloatScan.finite(() -> new IllegalStateException("of my own"));
        MemorySegment nan = MemorySegment.ofArray(new float[] {1, Float.NaN});

        scan.scan(DType.F32, nan.asSlice(0, 4));
        assertThatThrownBy(() -> scan.scan(DType.F32, nan))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("of my own");
        FloatScan.NONE.scan(DType.F32, nan);
    }
}
