package org.llavacluster.clustertest.client;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;

/**
 * A PNG with a comment. The comment makes another file of the same pixels, so no cache of the cluster knows it, although
 * its answer is the same.
 */
final class CommentedPng {

    /** The signature and the header chunk, which must come first. */
    private static final int HEAD_BYTES = 8 + 25;

    private static final byte[] TYPE = "tEXt".getBytes(StandardCharsets.ISO_8859_1);

    private CommentedPng() {}

    static byte[] of(byte[] png, String comment) {
        byte[] text = ("Comment\0" + comment).getBytes(StandardCharsets.ISO_8859_1);
        CRC32 crc = new CRC32();
        crc.update(TYPE);
        crc.update(text);
        return ByteBuffer.allocate(png.length + text.length + 12)
                .put(png, 0, HEAD_BYTES)
                .putInt(text.length)
                .put(TYPE)
                .put(text)
                .putInt((int) crc.getValue())
                .put(png, HEAD_BYTES, png.length - HEAD_BYTES)
                .array();
    }
}
