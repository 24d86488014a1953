package org.llavacluster.proto.tensor;

import com.google.protobuf.CodedOutputStream;
import io.grpc.Drainable;
import io.grpc.KnownLength;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.OptionalInt;
import org.llavacluster.proto.cluster.v1.TensorChunk;
import org.llavacluster.proto.cluster.v1.TensorChunk.Answer;

/**
 * A frame in the encoding of TensorChunk: the fields before the payload, the payload from the tensor's memory, the
 * checksum. The transport drains it; only compression and tests read it as a stream.
 */
final class FrameStream extends InputStream implements Drainable, KnownLength {

    private final TensorFrame frame;
    private final byte[] head;
    private final byte[] tail;
    private boolean drained;
    private InputStream readable;

    FrameStream(TensorFrame frame) {
        this.frame = frame;
        this.head = head(frame);
        this.tail = tail(frame.crc32c());
    }

    TensorFrame frame() {
        return frame;
    }

    private static byte[] head(TensorFrame frame) {
        try {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream(64);
            CodedOutputStream out = CodedOutputStream.newInstance(bytes, 64);
            if (frame.answer() != Answer.ANSWER_UNSPECIFIED) {
                out.writeEnum(TensorChunk.ANSWER_FIELD_NUMBER, frame.answer().getNumber());
            }
            if (frame.header().isPresent()) {
                out.writeMessage(TensorChunk.HEADER_FIELD_NUMBER, frame.header().get());
            }
            if (frame.payloadBytes() > 0) {
                out.writeTag(TensorChunk.DATA_FIELD_NUMBER, 2);
                out.writeUInt32NoTag(frame.payloadBytes());
            }
            out.flush();
            return bytes.toByteArray();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static byte[] tail(OptionalInt crc32c) {
        if (crc32c.isEmpty()) {
            return new byte[0];
        }
        int crc = crc32c.getAsInt();
        byte tag = TensorChunk.CRC32C_FIELD_NUMBER << 3 | 5;
        return new byte[] {tag, (byte) crc, (byte) (crc >>> 8), (byte) (crc >>> 16), (byte) (crc >>> 24)};
    }

    @Override
    public int drainTo(OutputStream target) throws IOException {
        int length = available();
        if (length > 0) {
            drained = true;
            target.write(head);
            frame.writePayload(target);
            target.write(tail);
        }
        return length;
    }

    @Override
    public int available() throws IOException {
        if (readable != null) {
            return readable.available();
        }
        return drained ? 0 : head.length + frame.payloadBytes() + tail.length;
    }

    @Override
    public int read() throws IOException {
        return readable().read();
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        return readable().read(target, offset, length);
    }

    private InputStream readable() throws IOException {
        if (readable == null) {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream(available());
            drainTo(bytes);
            readable = new ByteArrayInputStream(bytes.toByteArray());
        }
        return readable;
    }
}
