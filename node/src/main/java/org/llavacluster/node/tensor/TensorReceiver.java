package org.llavacluster.node.tensor;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.zip.CRC32C;
import org.llavacluster.node.failure.Failure;
import org.llavacluster.node.failure.FailureException;
import org.llavacluster.proto.cluster.v1.TensorChunk.Answer;
import org.llavacluster.proto.tensor.TensorFrame;
import org.llavacluster.proto.tensor.TensorLayout;

/**
 * Assembles the frames of one pull. A frame that breaks the contract throws a {@link FailureException}:
 * {@link Failure.Invalid} for a wrong header or order, {@link Failure.Corrupt} for missing, excess or changed bytes.
 */
final class TensorReceiver {

    private enum State {
        /** No answer yet, or PENDING. */
        AWAITING,
        /** Memory is allocated and not full, or the checksum is outstanding. */
        RECEIVING,
        /** The checksum is correct. */
        COMPLETE,
        /** Absent or of another revision. */
        REFUSED
    }

    private final ExpectedTensor expected;
    private final TensorAllocator allocator;
    private final CRC32C crc = new CRC32C();
    private State state = State.AWAITING;
    private PullOutcome refusal;
    private TensorLayout layout;
    private MemorySegment memory;
    private long totalBytes;
    private long receivedBytes;

    TensorReceiver(ExpectedTensor expected, TensorAllocator allocator) {
        this.expected = expected;
        this.allocator = allocator;
    }

    void accept(TensorFrame frame) {
        switch (state) {
            case AWAITING -> answer(frame);
            case RECEIVING -> {
                if (frame.answer() != Answer.ANSWER_UNSPECIFIED
                        || frame.header().isPresent()) {
                    throw invalid("answer", "a second answer after READY");
                }
                if (frame.payloadBytes() == 0 && frame.crc32c().isEmpty()) {
                    throw invalid("data", "a frame with nothing in it");
                }
                data(frame);
            }
            case COMPLETE, REFUSED -> throw invalid("answer", "a frame after the last one");
        }
    }

    private void answer(TensorFrame frame) {
        boolean bare = frame.header().isEmpty()
                && frame.payloadBytes() == 0
                && frame.crc32c().isEmpty();
        switch (frame.answer()) {
            case ANSWER_READY -> {
                layout = layout(frame);
                expected.check(layout);
                totalBytes = layout.byteSize();
                memory = allocate();
                state = State.RECEIVING;
                if (frame.payloadBytes() > 0 || frame.crc32c().isPresent()) {
                    data(frame);
                }
            }
            case ANSWER_PENDING -> requireBare(bare);
            case ANSWER_ABSENT -> {
                requireBare(bare);
                refuse(new PullOutcome.Absent());
            }
            case ANSWER_WRONG_REVISION -> {
                requireBare(bare);
                refuse(new PullOutcome.WrongRevision());
            }
            case ANSWER_UNSPECIFIED, UNRECOGNIZED -> throw invalid("answer", "must be known in the first frame");
        }
    }

    private TensorLayout layout(TensorFrame frame) {
        try {
            return TensorLayout.of(frame.header().orElseThrow(() -> invalid("header", "missing with READY")));
        } catch (IllegalArgumentException e) {
            throw invalid("header", e.getMessage());
        }
    }

    private MemorySegment allocate() {
        MemorySegment allocated = allocator.allocate(layout);
        if (allocated.byteSize() != totalBytes) {
            allocator.free(allocated);
            throw new IllegalStateException("allocated " + allocated.byteSize() + " bytes for " + totalBytes);
        }
        return allocated;
    }

    private void requireBare(boolean bare) {
        if (!bare) {
            throw invalid("answer", "only READY comes with a header or data");
        }
    }

    private void refuse(PullOutcome outcome) {
        state = State.REFUSED;
        refusal = outcome;
    }

    private void data(TensorFrame frame) {
        int length = frame.payloadBytes();
        if (length > totalBytes - receivedBytes) {
            throw corrupt("has more than the " + totalBytes + " bytes that the header gives");
        }
        if (length > 0) {
            try {
                frame.copyPayload(memory, receivedBytes);
            } catch (IOException e) {
                throw new FailureException(new Failure.Corrupt("a frame of the tensor ends early"), e);
            }
            // The bytes are still in the processor's cache, so this does not read memory again.
            crc.update(memory.asSlice(receivedBytes, length).asByteBuffer());
            receivedBytes += length;
        }
        if (frame.crc32c().isPresent()) {
            if (receivedBytes < totalBytes) {
                throw corrupt("ends after " + receivedBytes + " of " + totalBytes + " bytes");
            }
            if (frame.crc32c().getAsInt() != (int) crc.getValue()) {
                throw corrupt("does not have the checksum that it was sent with");
            }
            state = State.COMPLETE;
        }
    }

    /** The outcome of a stream that ended with OK. */
    PullOutcome end() {
        return switch (state) {
            case COMPLETE -> new PullOutcome.Ready(layout, memory);
            case REFUSED -> refusal;
            case AWAITING ->
                new PullOutcome.Failed(new Failure.Corrupt("the stream of the tensor ended without an answer"));
            case RECEIVING ->
                new PullOutcome.Failed(
                        corrupt("ends after " + receivedBytes + " of " + totalBytes + " bytes, without a checksum")
                                .failure());
        };
    }

    /** Frees the memory if any was allocated. */
    void free() {
        if (memory != null) {
            allocator.free(memory);
            memory = null;
        }
    }

    private static FailureException invalid(String field, String message) {
        return new FailureException(new Failure.Invalid("tensor." + field, "tensor." + field + ": " + message));
    }

    private static FailureException corrupt(String message) {
        return new FailureException(new Failure.Corrupt("the tensor " + message));
    }
}
