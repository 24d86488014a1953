package org.llavacluster.engine.training;

/** The tensors that belong to a weight that learns, each of the weight's shape. */
public enum LearningState {
    WEIGHT,

    /** The gradient that has been accumulated since the last update. */
    GRADIENT,

    /** AdamW's running mean of gradients. */
    FIRST_MOMENT,

    /** AdamW's running mean of squared gradients. */
    SECOND_MOMENT
}
