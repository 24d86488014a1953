package org.llavacluster.node.tensor;

import java.lang.foreign.MemorySegment;
import org.llavacluster.node.failure.Failure;
import org.llavacluster.proto.tensor.TensorLayout;

/** How a pull ends on the side that asked. */
public sealed interface PullOutcome {

    /** The whole tensor, its checksum right, in the memory that the allocator gave; the reader frees it. */
    record Ready(TensorLayout layout, MemorySegment bytes) implements PullOutcome {}

    record Absent() implements PullOutcome {}

    record WrongRevision() implements PullOutcome {}

    record Failed(Failure failure) implements PullOutcome {}
}
