package org.llavacluster.modelio.image;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.zip.CRC32;
import javax.imageio.ImageIO;
import org.llavacluster.modelio.Fixtures;

/** Encoded images and parts of them, built for tests. */
final class EncodedImageParts {

    private EncodedImageParts() {}

    static byte[] fixture(String name) {
        try {
            return Files.readAllBytes(Fixtures.path("images/" + name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A black image written by the JDK. */
    static byte[] encoded(String format, int width, int height) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            if (!ImageIO.write(new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB), format, out)) {
                throw new IllegalArgumentException("no writer for " + format);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    static byte[] pngHeader(int width, int height) {
        ByteBuffer header = ByteBuffer.allocate(13).putInt(width).putInt(height);
        header.put(new byte[] {8, 2, 0, 0, 0});
        return join(latin1("\u0089PNG\r\n\u001a\n"), pngChunk("IHDR", header.array()));
    }

    static byte[] pngChunk(String type, byte[] data) {
        byte[] typeAndData = join(latin1(type), data);
        CRC32 crc = new CRC32();
        crc.update(typeAndData);
        return ByteBuffer.allocate(12 + data.length)
                .putInt(data.length)
                .put(typeAndData)
                .putInt((int) crc.getValue())
                .array();
    }

    /** A start of image, the segments, a frame header and the start of a scan. */
    static byte[] jpegHeader(int width, int height, byte[]... segments) {
        byte[] frame = ByteBuffer.allocate(15)
                .put((byte) 8)
                .putShort((short) height)
                .putShort((short) width)
                .put(new byte[] {3, 1, 0x11, 0, 2, 0x11, 0, 3, 0x11, 0})
                .array();
        return join(latin1("\u00ff\u00d8"), join(segments), jpegSegment(0xC0, frame), jpegSegment(0xDA, new byte[] {
            3, 1, 0, 2, 0, 3, 0, 0, 63, 0
        }));
    }

    static byte[] jpegSegment(int marker, byte[] data) {
        return ByteBuffer.allocate(4 + data.length)
                .put((byte) 0xFF)
                .put((byte) marker)
                .putShort((short) (data.length + 2))
                .put(data)
                .array();
    }

    static byte[] gifHeader(int screenWidth, int screenHeight, int left, int top, int width, int height) {
        return little(13 + 10)
                .put(latin1("GIF89a"))
                .putShort((short) screenWidth)
                .putShort((short) screenHeight)
                .put(new byte[] {0, 0, 0})
                .put((byte) 0x2C)
                .putShort((short) left)
                .putShort((short) top)
                .putShort((short) width)
                .putShort((short) height)
                .put((byte) 0)
                .array();
    }

    static byte[] bmpHeader(int width, int height) {
        return little(14 + 40)
                .put(latin1("BM"))
                .putInt(54)
                .putInt(0)
                .putInt(54)
                .putInt(40)
                .putInt(width)
                .putInt(height)
                .putShort((short) 1)
                .putShort((short) 24)
                .array();
    }

    static byte[] riff(byte[]... chunks) {
        byte[] body = join(chunks);
        return little(12 + body.length)
                .put(latin1("RIFF"))
                .putInt(4 + body.length)
                .put(latin1("WEBP"))
                .put(body)
                .array();
    }

    static byte[] riffChunk(String type, byte[] data) {
        return little(8 + data.length + (data.length & 1))
                .put(latin1(type))
                .putInt(data.length)
                .put(data)
                .array();
    }

    /** The VP8X chunk of a WebP. */
    static byte[] webpCanvas(int flags, int width, int height) {
        int w = width - 1;
        int h = height - 1;
        ByteBuffer data = little(10).put((byte) flags).put(new byte[3]);
        data.putShort((short) w).put((byte) (w >> 16)).putShort((short) h).put((byte) (h >> 16));
        return riffChunk("VP8X", data.array());
    }

    /** A TIFF directory with one entry besides the orientation. */
    static byte[] exif(ByteOrder order, int type, int count, int orientation) {
        ByteBuffer tiff = ByteBuffer.allocate(8 + 2 + 2 * 12 + 4).order(order);
        tiff.put(latin1(order == ByteOrder.BIG_ENDIAN ? "MM\0*" : "II*\0"))
                .putInt(8)
                .putShort((short) 2);
        tiff.putShort((short) 0x0100).putShort((short) 3).putInt(1).putInt(0);
        tiff.putShort((short) 0x0112).putShort((short) type).putInt(count);
        int value = tiff.position();
        switch (type) {
            case 1 -> tiff.put((byte) orientation);
            case 3 -> tiff.putShort((short) orientation);
            default -> tiff.putInt(orientation);
        }
        tiff.position(value + 4);
        return tiff.array();
    }

    static byte[] latin1(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    static byte[] join(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }

    private static ByteBuffer little(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
}
