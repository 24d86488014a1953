package org.llavacluster.node.tensor;

import org.llavacluster.node.failure.Failure;

/** How a pull ends on the side that serves it. */
public sealed interface TensorAnswer {

    /** The tensor is there. Whoever gets the answer closes the pin. */
    record Ready(TensorPin pin) implements TensorAnswer {}

    /** The node neither holds nor makes it. */
    record Absent() implements TensorAnswer {}

    /** The node serves other weights than those that the key was made for. */
    record WrongRevision() implements TensorAnswer {}

    record Failed(Failure failure) implements TensorAnswer {}
}
