package org.llavacluster.engine.tensorflow;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/** The few calls of the C library that Java has no word for. */
final class LibC {

    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;
    private static final int DONT_NEED = 4;

    private LibC() {}

    /** Sets a variable that is not set, as native code sees it; {@link System#getenv} does not change. */
    static void setenv(String name, String value) {
        try (Arena arena = Arena.ofConfined()) {
            MethodHandle setenv = find("setenv", ValueLayout.ADDRESS, ValueLayout.ADDRESS, INT);
            check("setenv", (int) setenv.invokeExact(arena.allocateFrom(name), arena.allocateFrom(value), 0));
        } catch (Throwable e) {
            throw failed("setenv", e);
        }
    }

    /** Drops the pages of a range from this process's memory; those of a file are read again when they are touched. */
    static void dropPages(long address, long length) {
        try {
            MethodHandle madvise = find("madvise", ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG, INT);
            check("madvise", (int) madvise.invokeExact(address, length, DONT_NEED));
        } catch (Throwable e) {
            throw failed("madvise", e);
        }
    }

    /** A new descriptor of a file in memory. */
    static int memoryFile(String name) {
        try (Arena arena = Arena.ofConfined()) {
            MethodHandle create = find("memfd_create", ValueLayout.ADDRESS, INT);
            return check("memfd_create", (int) create.invokeExact(arena.allocateFrom(name), 0));
        } catch (Throwable e) {
            throw failed("memfd_create", e);
        }
    }

    static int dup(int descriptor) {
        try {
            return check("dup", (int) find("dup", INT).invokeExact(descriptor));
        } catch (Throwable e) {
            throw failed("dup", e);
        }
    }

    /** Makes {@code target} another name of {@code descriptor}. */
    static void dup(int descriptor, int target) {
        try {
            check("dup2", (int) find("dup2", INT, INT).invokeExact(descriptor, target));
        } catch (Throwable e) {
            throw failed("dup2", e);
        }
    }

    static void close(int descriptor) {
        try {
            check("close", (int) find("close", INT).invokeExact(descriptor));
        } catch (Throwable e) {
            throw failed("close", e);
        }
    }

    private static MethodHandle find(String function, MemoryLayout... arguments) {
        Linker linker = Linker.nativeLinker();
        return linker.downcallHandle(
                linker.defaultLookup().findOrThrow(function), FunctionDescriptor.of(INT, arguments));
    }

    private static int check(String function, int result) {
        if (result < 0) {
            throw new IllegalStateException(function + " failed");
        }
        return result;
    }

    private static IllegalStateException failed(String function, Throwable cause) {
        return new IllegalStateException("cannot call " + function, cause);
    }
}
