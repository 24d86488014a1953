package org.llavacluster.node.tensor;

import java.lang.foreign.MemorySegment;
import org.llavacluster.node.failure.Failure;
import org.llavacluster.proto.tensor.TensorLayout;

/** How a pull ends at the client. */
public sealed interface PullOutcome {

    /** The whole tensor with a correct checksum, in the memory of the allocator; the reader frees it. */
    record Ready(TensorLayout layout, MemorySegment bytes) implements PullOutcome {}

    record Absent() implements PullOutcome {}

    record WrongRevision() implements PullOutcome {}

    record Failed(Failure failure) implements PullOutcome {}
}
