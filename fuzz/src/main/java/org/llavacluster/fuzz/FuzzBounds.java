package org.llavacluster.fuzz;

import java.lang.management.ManagementFactory;
import java.time.Duration;

/**
 * What one input may cost. Work of other threads does not count, so that a busy machine changes nothing.
 *
 * @param cpu time of the thread that takes the input
 * @param bytes that this thread allocates, whether or not they are freed again
 */
public record FuzzBounds(Duration cpu, long bytes) {

    /** Nothing is measured: the work is done by another process. */
    public static final FuzzBounds NONE = new FuzzBounds(Duration.ofDays(1), Long.MAX_VALUE);

    private static final com.sun.management.ThreadMXBean THREADS =
            (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();

    /** @throws AssertionError if the input costs more */
    void take(FuzzTarget target, byte[] input) throws Exception {
        long nanos = THREADS.getCurrentThreadCpuTime();
        long allocated = THREADS.getCurrentThreadAllocatedBytes();
        target.take(input);
        nanos = THREADS.getCurrentThreadCpuTime() - nanos;
        allocated = THREADS.getCurrentThreadAllocatedBytes() - allocated;
        if (nanos > cpu.toNanos()) {
            throw new AssertionError("the input took more than " + cpu.toMillis() + " ms of CPU time");
        }
        if (allocated > bytes) {
            throw new AssertionError("the input took more than " + bytes + " bytes of memory");
        }
    }
}
