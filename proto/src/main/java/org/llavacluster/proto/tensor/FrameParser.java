package org.llavacluster.proto.tensor;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.WireFormat;
import io.grpc.Detachable;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import java.util.OptionalInt;
import org.llavacluster.proto.cluster.v1.TensorChunk;
import org.llavacluster.proto.cluster.v1.TensorChunk.Answer;
import org.llavacluster.proto.cluster.v1.TensorHeader;

/**
 * Reads the fields of a TensorChunk in any order and number, as protobuf allows: the last value of a scalar counts,
 * headers merge, unknown fields are skipped. The payload is not read and stays in the transport's buffers.
 */
final class FrameParser {

    /** A header is a key of at most 128 bytes and 8 dimensions; later versions may add fields. */
    private static final int MAX_HEADER_BYTES = 4096;

    /** The limit of the protobuf library. */
    private static final int MAX_NESTED_GROUPS = 100;

    private final InputStream stream;
    private Answer answer = Answer.ANSWER_UNSPECIFIED;
    private TensorHeader.Builder header;
    private OptionalInt crc32c = OptionalInt.empty();
    /** The last data field, if the stream cannot go back to it. */
    private byte[] copy = new byte[0];

    private int dataBytes;

    private FrameParser(InputStream stream) {
        this.stream = stream;
    }

    static TensorFrame parse(InputStream stream) throws IOException {
        return new FrameParser(stream).frame();
    }

    private TensorFrame frame() throws IOException {
        boolean rewinds = stream.markSupported() && stream instanceof Detachable;
        for (int tag = nextTag(); tag != 0; tag = nextTag()) {
            switch (tag) {
                case TensorChunk.ANSWER_FIELD_NUMBER << 3 -> answer = answer((int) varint());
                case TensorChunk.HEADER_FIELD_NUMBER << 3 | WireFormat.WIRETYPE_LENGTH_DELIMITED -> mergeHeader();
                case TensorChunk.DATA_FIELD_NUMBER << 3 | WireFormat.WIRETYPE_LENGTH_DELIMITED -> passData(rewinds);
                case TensorChunk.CRC32C_FIELD_NUMBER << 3 | WireFormat.WIRETYPE_FIXED32 ->
                    crc32c = OptionalInt.of(fixed32());
                default -> skip(tag, 0);
            }
        }
        return new TensorFrame(
                answer, Optional.ofNullable(header).map(TensorHeader.Builder::build), payload(rewinds), crc32c);
    }

    private static Answer answer(int number) {
        Answer known = Answer.forNumber(number);
        return known == null ? Answer.UNRECOGNIZED : known;
    }

    private void mergeHeader() throws IOException {
        int length = length(MAX_HEADER_BYTES, "header");
        byte[] bytes = stream.readNBytes(length);
        if (bytes.length < length) {
            throw new EOFException("header ends early");
        }
        if (header == null) {
            header = TensorHeader.newBuilder();
        }
        header.mergeFrom(bytes);
    }

    private void passData(boolean rewinds) throws IOException {
        dataBytes = length(TensorFrame.MAX_DATA_BYTES, "data");
        if (rewinds) {
            stream.mark(Integer.MAX_VALUE);
            stream.skipNBytes(dataBytes);
        } else {
            copy = stream.readNBytes(dataBytes);
            if (copy.length < dataBytes) {
                throw new EOFException("data ends early");
            }
        }
    }

    private Payload payload(boolean rewinds) throws IOException {
        if (dataBytes == 0) {
            return Payload.NONE;
        }
        if (!rewinds) {
            return new StreamPayload(new ByteArrayInputStream(copy), dataBytes);
        }
        stream.reset();
        return new StreamPayload(((Detachable) stream).detach(), dataBytes);
    }

    /** 0 at the end of the message. */
    private int nextTag() throws IOException {
        int first = stream.read();
        if (first < 0) {
            return 0;
        }
        long tag = varint(first);
        if (tag != (int) tag || WireFormat.getTagFieldNumber((int) tag) == 0) {
            throw new InvalidProtocolBufferException("tag " + tag);
        }
        return (int) tag;
    }

    private int length(int limit, String field) throws IOException {
        long length = varint();
        if (length < 0 || length > limit) {
            throw new InvalidProtocolBufferException(
                    field + " must have at most " + limit + " bytes, not " + Long.toUnsignedString(length));
        }
        return (int) length;
    }

    private void skip(int tag, int depth) throws IOException {
        switch (WireFormat.getTagWireType(tag)) {
            case WireFormat.WIRETYPE_VARINT -> varint();
            case WireFormat.WIRETYPE_FIXED64 -> stream.skipNBytes(8);
            case WireFormat.WIRETYPE_LENGTH_DELIMITED -> stream.skipNBytes(length(Integer.MAX_VALUE, "field"));
            case WireFormat.WIRETYPE_FIXED32 -> stream.skipNBytes(4);
            case WireFormat.WIRETYPE_START_GROUP -> skipGroup(WireFormat.getTagFieldNumber(tag), depth + 1);
            default -> throw new InvalidProtocolBufferException("wire type of tag " + tag);
        }
    }

    private void skipGroup(int field, int depth) throws IOException {
        if (depth > MAX_NESTED_GROUPS) {
            throw new InvalidProtocolBufferException("groups nest deeper than " + MAX_NESTED_GROUPS);
        }
        for (int tag = nextTag(); ; tag = nextTag()) {
            if (tag == 0) {
                throw new EOFException("message ends within a group");
            }
            if (WireFormat.getTagWireType(tag) == WireFormat.WIRETYPE_END_GROUP) {
                if (WireFormat.getTagFieldNumber(tag) != field) {
                    throw new InvalidProtocolBufferException("group ends as another one");
                }
                return;
            }
            skip(tag, depth);
        }
    }

    private long varint() throws IOException {
        return varint(byteOrEnd());
    }

    private long varint(int first) throws IOException {
        long value = first & 0x7f;
        int last = first;
        for (int shift = 7; (last & 0x80) != 0; shift += 7) {
            if (shift > 63) {
                throw new InvalidProtocolBufferException("varint of more than 10 bytes");
            }
            last = byteOrEnd();
            value |= (long) (last & 0x7f) << shift;
        }
        return value;
    }

    private int fixed32() throws IOException {
        return byteOrEnd() | byteOrEnd() << 8 | byteOrEnd() << 16 | byteOrEnd() << 24;
    }

    private int byteOrEnd() throws IOException {
        int value = stream.read();
        if (value < 0) {
            throw new EOFException("message ends early");
        }
        return value;
    }
}
