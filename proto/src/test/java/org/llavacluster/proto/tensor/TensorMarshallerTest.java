package org.llavacluster.proto.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.internal.CompositeReadableBuffer;
import io.grpc.internal.ReadableBuffers;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.llavacluster.proto.cluster.v1.DataType;
import org.llavacluster.proto.cluster.v1.TensorChunk;
import org.llavacluster.proto.cluster.v1.TensorChunk.Answer;
import org.llavacluster.proto.cluster.v1.TensorHeader;

/** Holds the limit {@code FixedLimits.TENSOR_FRAME_BYTES}. */
class TensorMarshallerTest {

    private static final int ROUNDS = 2000;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void shouldReadWhatTheGeneratedClassWrites(long seed) throws IOException {
        Random random = new Random(seed);
        for (int round = 0; round < ROUNDS; round++) {
            TensorChunk chunk = randomChunk(random);
            assertSame(chunk, chunk.toByteArray(), random, "seed " + seed + " round " + round);
        }
    }

    /**
     * Any order, fields more than once (the last scalar counts, headers merge), and unknown fields of every wire type
     * in between.
     */
    @ParameterizedTest
    @ValueSource(longs = {4, 5, 6})
    void shouldReadFieldsInAnyOrderAndNumber(long seed) throws IOException {
        Random random = new Random(seed);
        for (int round = 0; round < ROUNDS; round++) {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            CodedOutputStream out = CodedOutputStream.newInstance(bytes);
            for (int fields = random.nextInt(8); fields >= 0; fields--) {
                writeRandomField(out, random);
            }
            out.flush();
            byte[] message = bytes.toByteArray();
            assertSame(TensorChunk.parseFrom(message), message, random, "seed " + seed + " round " + round);
        }
    }

    /**
     * If this marshaller accepts a damaged message, so does the library, with the same content. Refusals are DATA_LOSS
     * only.
     */
    @ParameterizedTest
    @ValueSource(longs = {7, 8, 9})
    void shouldTreatDamagedMessagesAsTheGeneratedClassDoes(long seed) throws IOException {
        Random random = new Random(seed);
        int accepted = 0;
        int refused = 0;
        for (int round = 0; round < ROUNDS * 5; round++) {
            byte[] message = damaged(randomChunk(random).toByteArray(), random);
            TensorFrame frame = null;
            try (InputStream stream = transport(message, random)) {
                frame = TensorMarshaller.INSTANCE.parse(stream);
            } catch (StatusRuntimeException e) {
                assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.DATA_LOSS);
                refused++;
            }
            if (frame != null) {
                accepted++;
                try (TensorFrame closing = frame) {
                    assertThat(content(closing))
                            .as("seed %d round %d", seed, round)
                            .isEqualTo(known(TensorChunk.parseFrom(message)));
                }
            }
        }
        assertThat(accepted).isGreaterThan(ROUNDS / 10);
        assertThat(refused).isGreaterThan(ROUNDS / 10);
    }

    @Test
    void shouldRefuseEveryTruncation() throws IOException {
        TensorChunk chunk = TensorChunk.newBuilder()
                .setAnswer(Answer.ANSWER_READY)
                .setHeader(header())
                .setData(ByteString.copyFrom(new byte[300]))
                .setCrc32C(5)
                .build();
        byte[] whole = chunk.toByteArray();
        Random random = new Random(10);
        for (int length = 0; length < whole.length; length++) {
            byte[] part = Arrays.copyOf(whole, length);
            boolean readable;
            try {
                TensorChunk.parseFrom(part);
                readable = true;
            } catch (InvalidProtocolBufferException e) {
                readable = false;
            }
            if (readable) {
                assertSame(TensorChunk.parseFrom(part), part, random, "length " + length);
            } else {
                assertThatThrownBy(() -> TensorMarshaller.INSTANCE.parse(transport(part, random)))
                        .as("length %d", length)
                        .isInstanceOf(StatusRuntimeException.class)
                        .hasMessageStartingWith("DATA_LOSS");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {11, 12})
    void shouldWriteWhatTheGeneratedClassWrites(long seed) throws IOException {
        Random random = new Random(seed);
        for (int round = 0; round < ROUNDS; round++) {
            TensorChunk chunk = randomChunk(random);
            byte[] data = chunk.getData().toByteArray();
            // A range within a larger array, and native memory.
            byte[] larger = new byte[data.length + 20];
            System.arraycopy(data, 0, larger, 7, data.length);
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment native_ = arena.allocate(Math.max(1, data.length)).asSlice(0, data.length);
                MemorySegment.copy(data, 0, native_, ValueLayout.JAVA_BYTE, 0, data.length);
                for (MemorySegment memory :
                        List.of(MemorySegment.ofArray(larger).asSlice(7, data.length), native_)) {
                    FrameStream stream = (FrameStream) TensorMarshaller.INSTANCE.stream(frame(chunk, memory));
                    assertThat(stream.available()).isEqualTo(chunk.getSerializedSize());
                    ByteArrayOutputStream out = new ByteArrayOutputStream();
                    assertThat(stream.drainTo(out)).isEqualTo(chunk.getSerializedSize());
                    assertThat(stream.available()).isZero();
                    assertThat(out.toByteArray())
                            .as("seed %d round %d", seed, round)
                            .isEqualTo(chunk.toByteArray());
                    assertThat(TensorMarshaller.INSTANCE.stream(frame(chunk, memory))
                                    .readAllBytes())
                            .isEqualTo(chunk.toByteArray());
                }
            }
        }
    }

    /** The drained array is the tensor's own, without a copy before the transport. */
    @Test
    void shouldHandTheTensorsOwnArrayToTheTransport() throws IOException {
        byte[] tensor = new byte[1 << 16];
        TensorFrame frame = TensorFrame.data(MemorySegment.ofArray(tensor).asSlice(100, 5000));
        int[] seen = new int[1];
        ((FrameStream) TensorMarshaller.INSTANCE.stream(frame)).drainTo(new java.io.OutputStream() {
            @Override
            public void write(int b) {
                throw new AssertionError("byte by byte");
            }

            @Override
            public void write(byte[] array, int offset, int length) {
                if (array == tensor) {
                    assertThat(offset).isEqualTo(100);
                    seen[0] += length;
                }
            }
        });
        assertThat(seen[0]).isEqualTo(5000);
    }

    @Test
    void shouldKeepThePayloadInTheTransportsBuffersUntilItIsCopied() throws IOException {
        byte[] data = new byte[1000];
        new Random(13).nextBytes(data);
        byte[] message = TensorChunk.newBuilder()
                .setData(ByteString.copyFrom(data))
                .build()
                .toByteArray();
        TensorFrame frame = TensorMarshaller.INSTANCE.parse(
                ReadableBuffers.openStream(ReadableBuffers.wrap(ByteBuffer.wrap(message)), true));
        // If the parser had copied it, changing the transport's buffer now would change nothing.
        message[message.length - 1] ^= 1;
        byte[] got = new byte[1000];
        frame.copyPayload(MemorySegment.ofArray(got), 0);
        data[999] ^= 1;
        assertThat(got).isEqualTo(data);
        assertThatThrownBy(() -> frame.copyPayload(MemorySegment.ofArray(got), 0))
                .isInstanceOf(IllegalStateException.class);
        frame.close();
    }

    @Test
    void shouldTakeOneMebibyteOfDataAndNotAByteMore() {
        for (int bytes : new int[] {TensorFrame.MAX_DATA_BYTES - 1, TensorFrame.MAX_DATA_BYTES}) {
            TensorFrame frame = TensorMarshaller.INSTANCE.parse(new ByteArrayInputStream(TensorChunk.newBuilder()
                    .setData(ByteString.copyFrom(new byte[bytes]))
                    .build()
                    .toByteArray()));
            assertThat(frame.payloadBytes()).isEqualTo(bytes);
            frame.close();
        }
        byte[] message = TensorChunk.newBuilder()
                .setData(ByteString.copyFrom(new byte[TensorFrame.MAX_DATA_BYTES + 1]))
                .build()
                .toByteArray();
        assertThatThrownBy(() -> TensorMarshaller.INSTANCE.parse(new ByteArrayInputStream(message)))
                .hasMessageContaining("at most 1048576 bytes, not 1048577");
        MemorySegment large = MemorySegment.ofArray(message);
        assertThatThrownBy(() -> TensorFrame.data(large)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void shouldRefuseDeeplyNestedGroups() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        CodedOutputStream out = CodedOutputStream.newInstance(bytes);
        for (int i = 0; i < 100_000; i++) {
            out.writeTag(77, 3);
        }
        out.flush();
        assertThatThrownBy(() -> TensorMarshaller.INSTANCE.parse(new ByteArrayInputStream(bytes.toByteArray())))
                .hasMessageContaining("groups nest deeper than 100");
    }

    private static TensorHeader header() {
        return TensorHeader.newBuilder()
                .setKey(ByteString.copyFromUtf8("key"))
                .setDataType(DataType.DATA_TYPE_F16)
                .addShape(576)
                .addShape(4096)
                .build();
    }

    private static TensorChunk randomChunk(Random random) {
        TensorChunk.Builder chunk = TensorChunk.newBuilder();
        if (random.nextBoolean()) {
            chunk.setAnswer(Answer.forNumber(random.nextInt(5)));
        }
        if (random.nextBoolean()) {
            chunk.setHeader(header());
        }
        if (random.nextBoolean()) {
            chunk.setData(ByteString.copyFrom(randomBytes(random, random.nextBoolean() ? 5000 : 20)));
        }
        if (random.nextBoolean()) {
            chunk.setCrc32C(random.nextInt());
        }
        return chunk.build();
    }

    private static byte[] randomBytes(Random random, int limit) {
        byte[] bytes = new byte[random.nextInt(limit)];
        random.nextBytes(bytes);
        return bytes;
    }

    private static void writeRandomField(CodedOutputStream out, Random random) throws IOException {
        switch (random.nextInt(9)) {
            case 0 -> out.writeEnum(1, random.nextInt(9));
            case 1 ->
                out.writeMessage(
                        2,
                        header().toBuilder()
                                .setKey(ByteString.copyFrom(randomBytes(random, 9)))
                                .build());
            case 2 ->
                out.writeMessage(
                        2, TensorHeader.newBuilder().addShape(random.nextInt()).build());
            case 3 -> out.writeByteArray(3, randomBytes(random, 3000));
            case 4 -> out.writeFixed32(4, random.nextInt());
            case 5 -> out.writeInt64(5 + random.nextInt(100_000), random.nextLong());
            case 6 -> out.writeByteArray(5 + random.nextInt(100), randomBytes(random, 200));
            case 7 -> out.writeFixed64(3, random.nextLong()); // a known number with another wire type is unknown
            case 8 -> {
                int field = 5 + random.nextInt(50);
                out.writeTag(field, 3);
                out.writeFixed32(9, random.nextInt());
                out.writeTag(field, 4);
            }
            default -> throw new AssertionError();
        }
    }

    private static byte[] damaged(byte[] message, Random random) {
        byte[] damaged = random.nextInt(4) == 0
                ? Arrays.copyOf(message, message.length == 0 ? 0 : random.nextInt(message.length))
                : message.clone();
        // Mostly near the start, where the structure is.
        for (int flips = random.nextInt(3); flips > 0 && damaged.length > 0; flips--) {
            damaged[random.nextInt(Math.min(damaged.length, 40))] ^= (byte) (1 << random.nextInt(8));
        }
        return damaged;
    }

    /** The message as gRPC provides it: in several buffers, split anywhere. */
    private static InputStream transport(byte[] message, Random random) {
        if (random.nextInt(4) == 0) {
            return new ByteArrayInputStream(message) {
                @Override
                public boolean markSupported() {
                    return false;
                }
            };
        }
        CompositeReadableBuffer buffers = new CompositeReadableBuffer();
        for (int at = 0; at < message.length; ) {
            int length = Math.min(message.length - at, 1 + random.nextInt(random.nextBoolean() ? 5 : 2000));
            ByteBuffer part = random.nextBoolean() ? ByteBuffer.allocate(length) : ByteBuffer.allocateDirect(length);
            part.put(message, at, length).flip();
            buffers.addBuffer(ReadableBuffers.wrap(part));
            at += length;
        }
        return ReadableBuffers.openStream(buffers, true);
    }

    private static void assertSame(TensorChunk expected, byte[] message, Random random, String what)
            throws IOException {
        try (InputStream stream = transport(message, random);
                TensorFrame frame = TensorMarshaller.INSTANCE.parse(stream)) {
            assertThat(content(frame)).as(what).isEqualTo(known(expected));
        }
    }

    /** A frame as the generated message, with its payload copied to an array or to native memory. */
    private static TensorChunk content(TensorFrame frame) throws IOException {
        TensorChunk.Builder chunk = TensorChunk.newBuilder();
        if (frame.answer() == Answer.UNRECOGNIZED) {
            chunk.setAnswerValue(Integer.MAX_VALUE);
        } else {
            chunk.setAnswer(frame.answer());
        }
        frame.header().ifPresent(chunk::setHeader);
        frame.crc32c().ifPresent(chunk::setCrc32C);
        try (Arena arena = Arena.ofConfined()) {
            int size = frame.payloadBytes();
            MemorySegment destination =
                    size % 2 == 0 ? arena.allocate(size + 3L) : MemorySegment.ofArray(new byte[size + 3]);
            frame.copyPayload(destination, 3);
            chunk.setData(ByteString.copyFrom(destination.asSlice(3, size).toArray(ValueLayout.JAVA_BYTE)));
        }
        return chunk.build();
    }

    /** Without unknown fields of the message itself, and with one value for all unknown answers. */
    private static TensorChunk known(TensorChunk chunk) {
        TensorChunk.Builder known =
                chunk.toBuilder().setUnknownFields(com.google.protobuf.UnknownFieldSet.getDefaultInstance());
        if (chunk.getAnswer() == Answer.UNRECOGNIZED) {
            known.setAnswerValue(Integer.MAX_VALUE);
        }
        return known.build();
    }

    private static TensorFrame frame(TensorChunk chunk, MemorySegment data) {
        return new TensorFrame(
                chunk.getAnswer(),
                chunk.hasHeader() ? Optional.of(chunk.getHeader()) : Optional.empty(),
                SegmentPayload.of(data),
                chunk.hasCrc32C() ? OptionalInt.of(chunk.getCrc32C()) : OptionalInt.empty());
    }
}
