package org.llavacluster.engine.tensorflow;

import org.llavacluster.engine.program.Op;
import org.tensorflow.Output;

/** What training adds to the result of a linear layer. */
@FunctionalInterface
interface LinearAddition {

    /** Nothing, as in every program that serves. */
    LinearAddition NONE = (_, _, y) -> y;

    /**
     * @param weight the weight of the layer
     * @param x {@code [rows, in]}
     * @param y {@code [rows, out]}, the layer's own result
     * @return {@code [rows, out]}
     */
    Output<?> add(Op.Weight weight, Output<?> x, Output<?> y);
}
