package org.llavacluster.node.config;

/** Byte counts in readable form. */
final class ByteSizes {

    private static final String[] UNITS = {"bytes", "KiB", "MiB", "GiB", "TiB"};

    private ByteSizes() {}

    /** In the largest unit that gives a whole number: {@code 64 MiB}, {@code 1500 bytes}. */
    static String written(long bytes) {
        int unit = 0;
        long value = bytes;
        while (value != 0 && value % 1024 == 0 && unit < UNITS.length - 1) {
            value /= 1024;
            unit++;
        }
        return value == 1 && unit == 0 ? "1 byte" : value + " " + UNITS[unit];
    }
}
