package org.llavacluster.engine.simd.pack;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HugeMemoryTest {

    @ParameterizedTest
    @ValueSource(longs = {0, 1000, 2L << 20, (9L << 20) + 5})
    void shouldKeepWhatIsWrittenWhileItIsEnlarged(long bytes) {
        try (Arena arena = Arena.ofShared()) {
            MemorySegment memory = HugeMemory.reserve(arena, bytes);
            assertThat(memory.byteSize()).isEqualTo(bytes);
            // Some pages are not touched.
            for (long i = 0; i < bytes; i += 3 << 20) {
                memory.set(ValueLayout.JAVA_BYTE, i, (byte) (i >> 20 | 1));
            }
            HugeMemory.enlarge(memory, () -> false);
            for (long i = 0; i < bytes; i += 1 << 20) {
                byte expected = i % (3 << 20) == 0 ? (byte) (i >> 20 | 1) : 0;
                assertThat(memory.get(ValueLayout.JAVA_BYTE, i))
                        .as("byte %s", i)
                        .isEqualTo(expected);
            }
        }
    }
}
