package org.llavacluster.engine.simd.pack;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Locale;

/**
 * Zeroed memory on pages of 2 MB where Linux gives them. Weights are read from end to end for every token, and then a processor
 * spends a quarter of its time on looking up pages of 4 KB: q8_0 was multiplied with one row at 12.0 GB/s on those and 16.3 GB/s on
 * large ones.
 */
public final class HugeMemory {

    private static final long PAGE = 2L << 20;
    private static final int READ_AND_WRITE = 1 | 2;
    private static final int PRIVATE_AND_ANONYMOUS = 2 | 0x20;
    private static final int HUGE_PAGES = 14;
    private static final long FAILED = -1;

    private HugeMemory() {}

    /** Memory that is freed with the arena, aligned to 64 bytes at least. Elsewhere than on Linux ordinary memory. */
    public static MemorySegment allocate(Arena arena, long bytes) {
        if (bytes < PAGE
                || !System.getProperty("os.name").toLowerCase(Locale.ROOT).startsWith("linux")) {
            return arena.allocate(bytes, 64);
        }
        // Whole pages from a multiple of their size on; the page more leaves room for that.
        long mapped = Math.ceilDiv(bytes, PAGE) * PAGE + PAGE;
        try {
            MemorySegment address = (MemorySegment)
                    Calls.MAP.invokeExact(MemorySegment.NULL, mapped, READ_AND_WRITE, PRIVATE_AND_ANONYMOUS, -1, 0L);
            if (address.address() == FAILED) {
                throw new OutOfMemoryError("no " + bytes + " bytes of memory");
            }
            MemorySegment all = address.reinterpret(mapped, arena, HugeMemory::free);
            long before = -all.address() & PAGE - 1;
            MemorySegment aligned = all.asSlice(before, mapped - PAGE);
            // Where it is refused, pages are small, and all else is the same.
            int ignored = (int) Calls.ADVISE.invokeExact(aligned, aligned.byteSize(), HUGE_PAGES);
            return aligned.asSlice(0, bytes);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("calling mmap failed", e);
        }
    }

    private static void free(MemorySegment all) {
        try {
            int ignored = (int) Calls.UNMAP.invokeExact(all, all.byteSize());
        } catch (Throwable e) {
            throw new IllegalStateException("calling munmap failed", e);
        }
    }

    private static final class Calls {

        static final MethodHandle MAP = of(
                "mmap",
                FunctionDescriptor.of(
                        ValueLayout.ADDRESS,
                        ValueLayout.ADDRESS,
                        ValueLayout.JAVA_LONG,
                        ValueLayout.JAVA_INT,
                        ValueLayout.JAVA_INT,
                        ValueLayout.JAVA_INT,
                        ValueLayout.JAVA_LONG));
        static final MethodHandle ADVISE = of(
                "madvise",
                FunctionDescriptor.of(
                        ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_LONG, ValueLayout.JAVA_INT));
        static final MethodHandle UNMAP =
                of("munmap", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_LONG));

        private static MethodHandle of(String name, FunctionDescriptor descriptor) {
            SymbolLookup library = Linker.nativeLinker().defaultLookup();
            return Linker.nativeLinker().downcallHandle(library.find(name).orElseThrow(), descriptor);
        }
    }
}
