package org.llavacluster.node.time;

/**
 * The only type that reads the time. Pure cores take the time as an argument; threads that drive them read it here,
 * and tests set it.
 */
public interface Clock {

    /** The machine's clocks. */
    Clock SYSTEM = new Clock() {
        @Override
        public long nanoTime() {
            return System.nanoTime();
        }

        @Override
        public long epochMillis() {
            return System.currentTimeMillis();
        }
    };

    /** Monotonic nanoseconds from an arbitrary origin; only differences are meaningful. */
    long nanoTime();

    /** Wall clock in milliseconds since 1970: for display and time stamps, never for deadlines. */
    long epochMillis();
}
