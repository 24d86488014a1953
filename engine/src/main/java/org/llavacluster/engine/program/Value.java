package org.llavacluster.engine.program;

import java.util.List;
import org.llavacluster.engine.DType;

/**
 * A tensor of a program: what one operation makes.
 *
 * @param id index of the operation that makes it
 * @param shape outermost first
 */
public record Value(int id, DType dtype, List<Dim> shape) {

    public Value {
        shape = List.copyOf(shape);
    }

    /** The size of the last dimension, which is always a number except for vectors of rows. */
    public long columns() {
        Dim last = shape.getLast();
        if (!last.isFixed()) {
            throw new IllegalStateException("no fixed last dimension in " + shape);
        }
        return last.factor();
    }
}
