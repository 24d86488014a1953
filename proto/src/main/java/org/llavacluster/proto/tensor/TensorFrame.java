package org.llavacluster.proto.tensor;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.MemorySegment;
import java.util.Optional;
import java.util.OptionalInt;
import org.llavacluster.proto.cluster.v1.TensorChunk;
import org.llavacluster.proto.cluster.v1.TensorChunk.Answer;
import org.llavacluster.proto.cluster.v1.TensorHeader;

/**
 * One message of a pulled tensor: a {@link TensorChunk} whose payload is not copied. A frame to send refers to the
 * tensor's memory. A received one holds the transport's buffers until {@link #close}, and its payload can be copied out
 * once.
 */
public final class TensorFrame implements AutoCloseable {

    /** Largest payload of one frame. */
    public static final int MAX_DATA_BYTES = 1 << 20;

    private final Answer answer;
    private final Optional<TensorHeader> header;
    private final Payload payload;
    private final OptionalInt crc32c;

    TensorFrame(Answer answer, Optional<TensorHeader> header, Payload payload, OptionalInt crc32c) {
        this.answer = answer;
        this.header = header;
        this.payload = payload;
        this.crc32c = crc32c;
    }

    /** PENDING or one of the refusals. */
    public static TensorFrame of(Answer answer) {
        return new TensorFrame(answer, Optional.empty(), Payload.NONE, OptionalInt.empty());
    }

    /** The first frame of a tensor. */
    public static TensorFrame ready(TensorLayout layout) {
        return new TensorFrame(Answer.ANSWER_READY, Optional.of(layout.toHeader()), Payload.NONE, OptionalInt.empty());
    }

    /** A chunk of at most {@link #MAX_DATA_BYTES}, which must stay unchanged and valid until the call ends. */
    public static TensorFrame data(MemorySegment data) {
        return new TensorFrame(
                Answer.ANSWER_UNSPECIFIED, Optional.empty(), SegmentPayload.of(data), OptionalInt.empty());
    }

    /** The last chunk, with the checksum of all of them. */
    public static TensorFrame last(MemorySegment data, int crc32c) {
        return new TensorFrame(
                Answer.ANSWER_UNSPECIFIED, Optional.empty(), SegmentPayload.of(data), OptionalInt.of(crc32c));
    }

    /** {@link Answer#ANSWER_UNSPECIFIED} if the message has none. */
    public Answer answer() {
        return answer;
    }

    public Optional<TensorHeader> header() {
        return header;
    }

    /** Bytes of the data field; 0 without one. */
    public int payloadBytes() {
        return payload.size();
    }

    /** CRC32C of all data of the stream, in its last frame. */
    public OptionalInt crc32c() {
        return crc32c;
    }

    /**
     * Copies the payload to {@code destination[offset, offset + payloadBytes())}. For a received frame this works once,
     * because it reads the transport's buffers.
     *
     * @param destination native memory or a segment over a {@code byte[]}
     */
    public void copyPayload(MemorySegment destination, long offset) throws IOException {
        payload.copyTo(destination, offset);
    }

    /** Releases the transport's buffers with the payload. Closing again does nothing. */
    @Override
    public void close() {
        payload.close();
    }

    void writePayload(OutputStream out) throws IOException {
        payload.writeTo(out);
    }

    @Override
    public String toString() {
        return "TensorFrame[" + answer + ", header " + header.isPresent() + ", " + payload.size() + " bytes, crc32c "
                + crc32c.isPresent() + "]";
    }
}
