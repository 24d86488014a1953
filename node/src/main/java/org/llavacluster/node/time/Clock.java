package org.llavacluster.node.time;

/**
 * The only place of the project that reads the time. Pure cores take it as an argument; threads that drive them read it
 * here and tests set it.
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

    /** Monotonic, in nanoseconds from an arbitrary origin: compare by difference only. */
    long nanoTime();

    /** Wall clock, in milliseconds since 1970: for people and time stamps, never for deadlines. */
    long epochMillis();
}
