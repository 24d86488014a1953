package org.llavacluster.stress;

import java.io.File;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Threads of this process as seen by the Linux scheduler. A thread that has ended in the meantime is skipped. */
final class KernelScheduler {

    private static final int MASK_BYTES = 128;
    private static final int PRIO_PROCESS = 0;

    private final MethodHandle setAffinity = function(
            "sched_setaffinity",
            FunctionDescriptor.of(
                    ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG, ValueLayout.ADDRESS));
    private final MethodHandle getAffinity = function(
            "sched_getaffinity",
            FunctionDescriptor.of(
                    ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG, ValueLayout.ADDRESS));
    private final MethodHandle setPriority = function(
            "setpriority",
            FunctionDescriptor.of(
                    ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
    private final MemorySegment allCores = Arena.global().allocate(MASK_BYTES);

    KernelScheduler() {
        if (call(getAffinity, 0, (long) MASK_BYTES, allCores) < 0) {
            throw new IllegalStateException("the kernel does not say which cores this process may use");
        }
    }

    private static MethodHandle function(String name, FunctionDescriptor type) {
        Linker linker = Linker.nativeLinker();
        return linker.downcallHandle(
                linker.defaultLookup()
                        .find(name)
                        .orElseThrow(() -> new IllegalStateException("a stress run needs Linux: no " + name + "()")),
                type);
    }

    /** Cores that the process was started on. */
    List<Integer> cores() {
        return IntStream.range(0, MASK_BYTES * 8)
                .filter(core -> (allCores.get(ValueLayout.JAVA_BYTE, core / 8) >> core % 8 & 1) == 1)
                .boxed()
                .toList();
    }

    /** Ids of all threads of this process. */
    List<Integer> threads() {
        String[] names = new File("/proc/self/task").list();
        return names == null
                ? Collections.emptyList()
                : Stream.of(names).map(Integer::parseInt).toList();
    }

    /** Lets a thread, and those that it starts, run on that core only. */
    void confine(int thread, int core) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment mask = arena.allocate(MASK_BYTES);
            mask.set(ValueLayout.JAVA_BYTE, core / 8, (byte) (1 << core % 8));
            call(setAffinity, thread, (long) MASK_BYTES, mask);
        }
    }

    /** Lets a thread run on all cores again. */
    void free(int thread) {
        call(setAffinity, thread, (long) MASK_BYTES, allCores);
    }

    /**
     * @param niceness above 0 for less than an equal share
     */
    void nice(int thread, int niceness) {
        call(setPriority, PRIO_PROCESS, thread, niceness);
    }

    private static int call(MethodHandle function, Object... arguments) {
        try {
            return (int) function.invokeWithArguments(arguments);
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }
}
