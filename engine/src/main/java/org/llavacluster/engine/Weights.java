package org.llavacluster.engine;

import java.lang.foreign.MemorySegment;
import java.util.Optional;

/** Where a backend reads the weights of a program from, by the names that the program gives them. */
public interface Weights {

    /**
     * The weight of that name.
     *
     * @throws IllegalArgumentException if there is none
     */
    Weight get(String name);

    /**
     * The stored type of a weight, if possible without reading its content.
     *
     * @throws IllegalArgumentException if there is none
     */
    default DType dtype(String name) {
        return get(name).dtype();
    }

    /** Digest of the content of all weights, in hexadecimal. Absent if nothing may be kept beyond this process. */
    default Optional<String> digest() {
        return Optional.empty();
    }

    /**
     * One weight as stored: little-endian, row-major. A backend reads it by {@link #readFloats} or {@link #readStored},
     * which scan what they read; each element is scanned once if it is read once.
     *
     * @param dtype {@link DType#F32}, {@link DType#F16} or {@link DType#BF16}; the backend converts to what it computes
     *     in
     * @param scan of all that is read
     */
    record Weight(String name, DType dtype, long[] shape, MemorySegment bytes, FloatScan scan) {

        /** Elements that are scanned and then converted or copied: few enough for a core's own caches. */
        private static final long STRETCH = 1 << 14;

        /** One that must be finite. */
        public Weight(String name, DType dtype, long[] shape, MemorySegment bytes) {
            this(
                    name,
                    dtype,
                    shape,
                    bytes,
                    FloatScan.finite(
                            () -> new IllegalArgumentException("weight " + name + " contains NaN or infinity")));
        }

        /** The same, to be read another time in another form. */
        public Weight scanned() {
            return new Weight(name, dtype, shape, bytes, FloatScan.NONE);
        }

        /**
         * Reads elements as float32.
         *
         * @param first element
         * @param to as many as fit
         * @throws RuntimeException naming the weight if one of them is NaN or infinite
         */
        public void readFloats(long first, MemorySegment to) {
            read(first, to, DType.F32);
        }

        /**
         * Reads elements from the first one on as they are stored.
         *
         * @param to as many as fit
         * @throws RuntimeException naming the weight if one of them is NaN or infinite
         */
        public void readStored(MemorySegment to) {
            read(0, to, dtype);
        }

        private void read(long first, MemorySegment to, DType type) {
            long count = to.byteSize() / type.bytes();
            for (long done = 0; done < count; done += STRETCH) {
                long elements = Math.min(STRETCH, count - done);
                MemorySegment stored = bytes.asSlice((first + done) * dtype.bytes(), elements * dtype.bytes());
                scan.scan(dtype, stored);
                FloatConversion.convert(dtype, stored, type, to.asSlice(done * type.bytes(), elements * type.bytes()));
            }
        }
    }
}
