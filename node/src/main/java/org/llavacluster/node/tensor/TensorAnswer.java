package org.llavacluster.node.tensor;

import org.llavacluster.node.failure.Failure;

/** How a pull ends at the server. */
public sealed interface TensorAnswer {

    /** The tensor. The receiver of this answer closes the pin. */
    record Ready(TensorPin pin) implements TensorAnswer {}

    /** The node neither has the tensor nor is computing it. */
    record Absent() implements TensorAnswer {}

    /** The key belongs to other weights than the node serves. */
    record WrongRevision() implements TensorAnswer {}

    record Failed(Failure failure) implements TensorAnswer {}
}
