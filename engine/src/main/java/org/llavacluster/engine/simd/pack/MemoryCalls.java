package org.llavacluster.engine.simd.pack;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;

/**
 * Linux system calls on memory, with their constants. A failed call returns false or a negative number, without the
 * reason.
 */
final class MemoryCalls {

    static final int READ = 1;
    static final int WRITE = 2;

    static final int PRIVATE = 2;
    static final int FIXED = 0x10;
    static final int ANONYMOUS = 0x20;

    static final int WILL_NEED = 3;
    static final int HUGE_PAGES = 14;
    static final int POPULATE_READ = 22;
    static final int COLLAPSE = 25;

    private static final int READ_ONLY_AND_CLOSED_ON_EXEC = 0x80000;
    private static final int MAY_MOVE_TO_FIXED = 1 | 2;
    private static final long FAILED = -1;

    private static final MethodHandle MAP =
            of("mmap", FunctionDescriptor.of(ADDRESS, ADDRESS, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG));
    private static final MethodHandle UNMAP = of("munmap", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG));
    private static final MethodHandle ADVISE =
            of("madvise", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT));
    private static final MethodHandle REMAP = of(
            "mremap",
            FunctionDescriptor.of(ADDRESS, ADDRESS, JAVA_LONG, JAVA_LONG, JAVA_INT, ADDRESS),
            Linker.Option.firstVariadicArg(4));
    private static final MethodHandle OPEN =
            of("open", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT), Linker.Option.firstVariadicArg(2));
    private static final MethodHandle CLOSE = of("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT));

    private MemoryCalls() {}

    /** Anonymous memory that reads as zeros, of size 0 to Java; NULL where there is none. */
    static MemorySegment map(long bytes) {
        return map(MemorySegment.NULL, bytes, READ | WRITE, PRIVATE | ANONYMOUS, -1, 0);
    }

    /** @return where it was mapped; NULL if it failed */
    static MemorySegment map(MemorySegment at, long bytes, int access, int flags, int file, long offset) {
        try {
            MemorySegment mapped = (MemorySegment) MAP.invokeExact(at, bytes, access, flags, file, offset);
            return mapped.address() == FAILED ? MemorySegment.NULL : mapped;
        } catch (Throwable e) {
            throw failed("mmap", e);
        }
    }

    static void unmap(MemorySegment memory) {
        try {
            int ignored = (int) UNMAP.invokeExact(memory, memory.byteSize());
        } catch (Throwable e) {
            throw failed("munmap", e);
        }
    }

    static boolean advise(MemorySegment memory, int advice) {
        try {
            return (int) ADVISE.invokeExact(memory, memory.byteSize(), advice) == 0;
        } catch (Throwable e) {
            throw failed("madvise", e);
        }
    }

    /** Puts the pages of {@code from} in the place of those of {@code to}, in one step for concurrent readers. */
    static boolean move(MemorySegment from, MemorySegment to) {
        try {
            long bytes = from.byteSize();
            MemorySegment moved = (MemorySegment) REMAP.invokeExact(from, bytes, bytes, MAY_MOVE_TO_FIXED, to);
            return moved.address() != FAILED;
        } catch (Throwable e) {
            throw failed("mremap", e);
        }
    }

    /** @return the descriptor of a file opened to be read; negative if it failed */
    static int open(Path file) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment name = arena.allocateFrom(file.toString());
            return (int) OPEN.invokeExact(name, READ_ONLY_AND_CLOSED_ON_EXEC);
        } catch (Throwable e) {
            throw failed("open", e);
        }
    }

    static void close(int file) {
        try {
            int ignored = (int) CLOSE.invokeExact(file);
        } catch (Throwable e) {
            throw failed("close", e);
        }
    }

    private static RuntimeException failed(String call, Throwable e) {
        if (e instanceof Error error) {
            throw error;
        }
        return e instanceof RuntimeException exception
                ? exception
                : new IllegalStateException("calling " + call + " failed", e);
    }

    private static MethodHandle of(String name, FunctionDescriptor descriptor, Linker.Option... options) {
        SymbolLookup library = Linker.nativeLinker().defaultLookup();
        return Linker.nativeLinker().downcallHandle(library.find(name).orElseThrow(), descriptor, options);
    }
}
