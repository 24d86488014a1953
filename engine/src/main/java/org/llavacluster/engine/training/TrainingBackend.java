package org.llavacluster.engine.training;

import org.llavacluster.engine.Backend;
import org.llavacluster.engine.Weights;

/** A backend that can also train. */
public interface TrainingBackend extends Backend {

    /**
     * Loads the weights of a program, those that learn with their gradients and moments, all zero.
     *
     * @param weights read during this call only, those of {@link LearningPlan#adapters} among them
     * @throws IllegalArgumentException if a weight that learns is not in the program, or the program has KV attention
     */
    LearningModel learn(LearningPlan plan, Weights weights);
}
