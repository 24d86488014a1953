package org.llavacluster.fuzz;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32;

/**
 * How files of a format are made of pieces. Joined again, lengths and checksums are right whatever was done to the
 * pieces.
 */
public enum PieceFormat {
    /** Chunks: four bytes of type, then data (PNG 1.2, 3.2). */
    PNG {
        @Override
        List<byte[]> split(byte[] file) {
            List<byte[]> chunks = new ArrayList<>();
            ByteBuffer bytes = ByteBuffer.wrap(file).position(Math.min(PNG_SIGNATURE.length, file.length));
            while (bytes.remaining() >= 12) {
                int length = bytes.getInt();
                int taken = Math.clamp((long) length + 4, 4, bytes.remaining());
                byte[] chunk = new byte[taken];
                bytes.get(chunk).position(Math.min(bytes.limit(), bytes.position() + 4));
                chunks.add(chunk);
            }
            return chunks;
        }

        @Override
        byte[] join(List<byte[]> pieces) {
            ByteArrayOutputStream file = new ByteArrayOutputStream();
            file.writeBytes(PNG_SIGNATURE);
            for (byte[] chunk : pieces) {
                if (chunk.length >= 4) {
                    CRC32 crc = new CRC32();
                    crc.update(chunk);
                    file.writeBytes(
                            ByteBuffer.allocate(4).putInt(chunk.length - 4).array());
                    file.writeBytes(chunk);
                    file.writeBytes(
                            ByteBuffer.allocate(4).putInt((int) crc.getValue()).array());
                }
            }
            return file.toByteArray();
        }
    },

    /** Segments: the marker, then what follows until the next, without the two bytes of a length (ITU T.81, B.1.1). */
    JPEG {
        @Override
        List<byte[]> split(byte[] file) {
            List<byte[]> segments = new ArrayList<>();
            int at = 0;
            while (at < file.length) {
                int next = nextMarker(file, at + 2);
                if (hasLength(file, at)) {
                    int end = Math.min(file.length, at + 2 + ((file[at + 2] & 0xFF) << 8 | file[at + 3] & 0xFF));
                    segments.add(without(file, at, Math.max(at + 4, end)));
                    at = Math.max(at + 4, end);
                } else {
                    segments.add(Arrays.copyOfRange(file, at, next));
                    at = next;
                }
            }
            return segments;
        }

        @Override
        byte[] join(List<byte[]> pieces) {
            ByteArrayOutputStream file = new ByteArrayOutputStream();
            for (byte[] segment : pieces) {
                if (segment.length >= 2 && segment[0] == (byte) 0xFF && isMeasured(segment[1])) {
                    file.write(segment, 0, 2);
                    file.write(segment.length >> 8);
                    file.write(segment.length);
                    file.write(segment, 2, segment.length - 2);
                } else {
                    file.writeBytes(segment);
                }
            }
            return file.toByteArray();
        }
    },

    /** Chunks: four bytes of type, then data, which is padded to an even length (RIFF). */
    WEBP {
        @Override
        List<byte[]> split(byte[] file) {
            List<byte[]> chunks = new ArrayList<>();
            ByteBuffer bytes =
                    ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).position(Math.min(12, file.length));
            while (bytes.remaining() >= 8) {
                byte[] type = new byte[4];
                bytes.get(type);
                int length = bytes.getInt();
                byte[] chunk = Arrays.copyOf(type, 4 + Math.clamp(length, 0, bytes.remaining()));
                bytes.get(chunk, 4, chunk.length - 4);
                bytes.position(Math.min(bytes.limit(), bytes.position() + chunk.length % 2));
                chunks.add(chunk);
            }
            return chunks;
        }

        @Override
        byte[] join(List<byte[]> pieces) {
            ByteArrayOutputStream chunks = new ByteArrayOutputStream();
            chunks.writeBytes(new byte[] {'W', 'E', 'B', 'P'});
            for (byte[] chunk : pieces) {
                if (chunk.length >= 4) {
                    chunks.write(chunk, 0, 4);
                    chunks.writeBytes(little(chunk.length - 4));
                    chunks.write(chunk, 4, chunk.length - 4);
                    chunks.writeBytes(new byte[chunk.length % 2]);
                }
            }
            ByteArrayOutputStream file = new ByteArrayOutputStream();
            file.writeBytes(new byte[] {'R', 'I', 'F', 'F'});
            file.writeBytes(little(chunks.size()));
            file.writeBytes(chunks.toByteArray());
            return file.toByteArray();
        }
    };

    private static final byte[] PNG_SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'};

    /** The pieces of a file, as far as there are any. */
    abstract List<byte[]> split(byte[] file);

    /** A file of those pieces. */
    abstract byte[] join(List<byte[]> pieces);

    private static byte[] little(int value) {
        return ByteBuffer.allocate(4)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(value)
                .array();
    }

    /** Markers that are alone: start and end of an image, restarts. */
    private static boolean isMeasured(byte marker) {
        int code = marker & 0xFF;
        return code >= 0xC0 && !(code >= 0xD0 && code <= 0xD9) && code != 0xFF;
    }

    private static boolean hasLength(byte[] file, int at) {
        return at + 4 <= file.length && file[at] == (byte) 0xFF && isMeasured(file[at + 1]);
    }

    /** Bytes of a scan that look like markers have a zero behind them. */
    private static int nextMarker(byte[] file, int from) {
        for (int at = from; at + 1 < file.length; at++) {
            if (file[at] == (byte) 0xFF && file[at + 1] != 0 && (file[at + 1] & 0xFF) >= 0xC0) {
                return at;
            }
        }
        return file.length;
    }

    private static byte[] without(byte[] file, int at, int end) {
        byte[] segment = new byte[end - at - 2];
        segment[0] = file[at];
        segment[1] = file[at + 1];
        System.arraycopy(file, at + 4, segment, 2, end - at - 4);
        return segment;
    }
}
