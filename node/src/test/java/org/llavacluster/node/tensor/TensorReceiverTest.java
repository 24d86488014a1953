package org.llavacluster.node.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.llavacluster.node.failure.Failure;
import org.llavacluster.node.failure.FailureException;
import org.llavacluster.proto.cluster.v1.DataType;
import org.llavacluster.proto.cluster.v1.TensorChunk;
import org.llavacluster.proto.cluster.v1.TensorChunk.Answer;
import org.llavacluster.proto.cluster.v1.TensorHeader;
import org.llavacluster.proto.tensor.TensorFrame;
import org.llavacluster.proto.tensor.TensorLayout;
import org.llavacluster.proto.tensor.TensorMarshaller;

class TensorReceiverTest {

    private static final ByteString KEY = ByteString.copyFromUtf8("key");
    private static final TensorLayout LAYOUT = new TensorLayout(KEY, DataType.DATA_TYPE_F32, List.of(3L, 5L));
    private static final ExpectedTensor EXPECTED =
            new ExpectedTensor(KEY, Set.of(DataType.DATA_TYPE_F32), List.of(ExpectedTensor.ANY, 5L), 1000);

    private final byte[] data = new byte[60];
    private final MemorySegment bytes = MemorySegment.ofArray(data);
    private final int crc;
    private final TensorReceiver receiver = new TensorReceiver(EXPECTED, TensorAllocator.heap());

    TensorReceiverTest() {
        new Random(1).nextBytes(data);
        crc = CachedTensor.checksum(bytes);
    }

    @Test
    void shouldPutTheFramesTogether() {
        accept(
                TensorFrame.of(Answer.ANSWER_PENDING),
                TensorFrame.of(Answer.ANSWER_PENDING),
                TensorFrame.ready(LAYOUT),
                data(0, 7),
                data(7, 50),
                TensorFrame.last(bytes.asSlice(57, 3), crc));
        assertThat(receiver.end()).isInstanceOfSatisfying(PullOutcome.Ready.class, ready -> {
            assertThat(ready.layout()).isEqualTo(LAYOUT);
            assertThat(ready.bytes().mismatch(bytes)).isEqualTo(-1);
        });
    }

    @Test
    void shouldTakeEverythingInOneFrameAndTheChecksumAlone() {
        accept(chunk(TensorChunk.newBuilder()
                .setAnswer(Answer.ANSWER_READY)
                .setHeader(LAYOUT.toHeader())
                .setData(ByteString.copyFrom(data))));
        accept(TensorFrame.last(bytes.asSlice(0, 0), crc));
        assertThat(receiver.end()).isInstanceOf(PullOutcome.Ready.class);
    }

    @Test
    void shouldTellRefusals() {
        TensorReceiver other = new TensorReceiver(EXPECTED, TensorAllocator.heap());
        accept(TensorFrame.of(Answer.ANSWER_ABSENT));
        other.accept(TensorFrame.of(Answer.ANSWER_WRONG_REVISION));
        assertThat(receiver.end()).isEqualTo(new PullOutcome.Absent());
        assertThat(other.end()).isEqualTo(new PullOutcome.WrongRevision());
        assertThatThrownBy(() -> accept(TensorFrame.ready(LAYOUT))).hasMessageContaining("a frame after the last one");
    }

    @Test
    void shouldFindAMissingChunk() {
        accept(TensorFrame.ready(LAYOUT), data(0, 20));
        assertCorrupt("ends after 40 of 60 bytes", TensorFrame.last(bytes.asSlice(40, 20), crc));
    }

    @Test
    void shouldFindADuplicatedChunk() {
        accept(TensorFrame.ready(LAYOUT), data(0, 20), data(0, 20), data(20, 20));
        assertCorrupt("more than the 60 bytes", TensorFrame.last(bytes.asSlice(40, 20), crc));
    }

    @Test
    void shouldFindChunksInAnotherOrder() {
        accept(TensorFrame.ready(LAYOUT), data(20, 20), data(0, 20));
        assertCorrupt("does not have the checksum", TensorFrame.last(bytes.asSlice(40, 20), crc));
    }

    @Test
    void shouldFindAFlippedBit() {
        accept(TensorFrame.ready(LAYOUT), data(0, 40));
        data[45] ^= 4;
        assertCorrupt("does not have the checksum", TensorFrame.last(bytes.asSlice(40, 20), crc));
    }

    @Test
    void shouldFindAnEarlyEnd() {
        assertThat(receiver.end())
                .isEqualTo(new PullOutcome.Failed(
                        new Failure.Corrupt("the stream of the tensor ended without an answer")));
        accept(TensorFrame.ready(LAYOUT), data(0, 60));
        assertThat(receiver.end())
                .isEqualTo(new PullOutcome.Failed(
                        new Failure.Corrupt("the tensor ends after 60 of 60 bytes, without a checksum")));
    }

    @Test
    void shouldRefuseHeadersThatItDidNotAskForBeforeTakingMemory() {
        assertInvalid("tensor.key", header(KEY.concat(KEY), DataType.DATA_TYPE_F32, 3L, 5L));
        assertInvalid("tensor.data_type", header(KEY, DataType.DATA_TYPE_F16, 3L, 5L));
        assertInvalid("tensor.shape", header(KEY, DataType.DATA_TYPE_F32, 3L, 6L));
        assertInvalid("tensor.shape", header(KEY, DataType.DATA_TYPE_F32, 15L));
        assertInvalid("tensor.shape", header(KEY, DataType.DATA_TYPE_F32, 51L, 5L));
        assertInvalid("tensor.header", header(KEY, DataType.DATA_TYPE_F32, 0L, 5L));
        assertInvalid("tensor.header", header(KEY, DataType.DATA_TYPE_F32, -3L, 5L));
        assertInvalid("tensor.header", header(KEY, DataType.DATA_TYPE_F32, 1L << 62, 5L));
        assertInvalid("tensor.header", header(KEY, DataType.DATA_TYPE_UNSPECIFIED, 3L, 5L));
        assertInvalid("tensor.header", TensorFrame.of(Answer.ANSWER_READY));
    }

    @Test
    void shouldRefuseFramesOutOfTurn() {
        assertInvalid("tensor.answer", data(0, 20));
        assertInvalid("tensor.answer", chunk(TensorChunk.newBuilder().setAnswerValue(17)));
        assertInvalid(
                "tensor.answer",
                chunk(TensorChunk.newBuilder().setAnswer(Answer.ANSWER_PENDING).setData(ByteString.copyFrom(data))));
        accept(TensorFrame.ready(LAYOUT));
        assertInvalid("tensor.answer", TensorFrame.ready(LAYOUT), receiver);
        assertInvalid("tensor.answer", TensorFrame.of(Answer.ANSWER_PENDING), receiver);
        assertInvalid("tensor.data", data(0, 0), receiver);
        accept(data(0, 40), TensorFrame.last(bytes.asSlice(40, 20), crc));
        assertInvalid("tensor.answer", data(0, 20), receiver);
        assertInvalid("tensor.answer", TensorFrame.last(bytes.asSlice(40, 20), crc), receiver);
    }

    private TensorFrame data(int from, int length) {
        return TensorFrame.data(bytes.asSlice(from, length));
    }

    /** A frame as received over the wire. */
    private static TensorFrame chunk(TensorChunk.Builder chunk) {
        return TensorMarshaller.INSTANCE.parse(
                new java.io.ByteArrayInputStream(chunk.build().toByteArray()));
    }

    private static TensorFrame header(ByteString key, DataType dataType, Long... shape) {
        return chunk(TensorChunk.newBuilder()
                .setAnswer(Answer.ANSWER_READY)
                .setHeader(TensorHeader.newBuilder()
                        .setKey(key)
                        .setDataType(dataType)
                        .addAllShape(List.of(shape))));
    }

    private void accept(TensorFrame... frames) {
        for (TensorFrame frame : frames) {
            receiver.accept(frame);
        }
    }

    private void assertCorrupt(String message, TensorFrame frame) {
        assertThatThrownBy(() -> receiver.accept(frame)).isInstanceOfSatisfying(FailureException.class, e -> {
            assertThat(e.failure()).isInstanceOf(Failure.Corrupt.class);
            assertThat(e).hasMessageContaining(message);
        });
    }

    private static void assertInvalid(String field, TensorFrame frame) {
        TensorAllocator none = new TensorAllocator() {
            @Override
            public MemorySegment allocate(TensorLayout layout) {
                throw new AssertionError("took memory for " + layout);
            }

            @Override
            public void free(MemorySegment memory) {}
        };
        assertInvalid(field, frame, new TensorReceiver(EXPECTED, none));
    }

    private static void assertInvalid(String field, TensorFrame frame, TensorReceiver receiver) {
        assertThatThrownBy(() -> receiver.accept(frame))
                .isInstanceOfSatisfying(FailureException.class, e -> assertThat(e.failure())
                        .isInstanceOfSatisfying(Failure.Invalid.class, invalid -> assertThat(invalid.field())
                                .isEqualTo(field)));
    }
}
