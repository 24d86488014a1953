package org.llavacluster.scheduling.name;

import java.nio.ByteBuffer;

/**
 * A whole 256-bit digest, such as a FeatureKey. All of its bits are compared: a shorter one would let a cache answer
 * with another tenant's image.
 */
public record ContentDigest(long first, long second, long third, long fourth) implements Comparable<ContentDigest> {

    public static final int BYTES = 4 * Long.BYTES;

    /** @param digest of 32 bytes */
    public static ContentDigest of(byte[] digest) {
        if (digest.length != BYTES) {
            throw new IllegalArgumentException("a digest has " + BYTES + " bytes, not " + digest.length);
        }
        ByteBuffer bytes = ByteBuffer.wrap(digest);
        return new ContentDigest(bytes.getLong(), bytes.getLong(), bytes.getLong(), bytes.getLong());
    }

    public byte[] toBytes() {
        return ByteBuffer.allocate(BYTES)
                .putLong(first)
                .putLong(second)
                .putLong(third)
                .putLong(fourth)
                .array();
    }

    /** 64 well-mixed bits of digest and salt; equal on every gateway. */
    public long mix(long salt) {
        return scramble(first ^ scramble(second ^ scramble(salt)));
    }

    /**
     * The finalizer of SplitMix64 (Steele, Lea and Flood, OOPSLA 2014): each bit of the input changes half of the
     * output's.
     */
    public static long scramble(long value) {
        long mixed = value + 0x9E3779B97F4A7C15L;
        mixed = (mixed ^ (mixed >>> 30)) * 0xBF58476D1CE4E5B9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
        return mixed ^ (mixed >>> 31);
    }

    @Override
    public int compareTo(ContentDigest other) {
        int order = Long.compareUnsigned(first, other.first);
        order = order != 0 ? order : Long.compareUnsigned(second, other.second);
        order = order != 0 ? order : Long.compareUnsigned(third, other.third);
        return order != 0 ? order : Long.compareUnsigned(fourth, other.fourth);
    }
}
