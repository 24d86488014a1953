package org.llavacluster.engine;

/** Element types of tensors in host memory. */
public enum DType {
    F32(4),
    F16(2),
    BF16(2),
    I32(4);

    private final int bytes;

    DType(int bytes) {
        this.bytes = bytes;
    }

    /** Size of one element in bytes. */
    public int bytes() {
        return bytes;
    }
}
