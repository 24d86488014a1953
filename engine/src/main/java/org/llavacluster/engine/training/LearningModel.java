package org.llavacluster.engine.training;

import java.util.List;
import java.util.Map;
import org.llavacluster.engine.HostTensor;

/**
 * A program whose weights learn. An update is any number of {@link #accumulate}, then one {@link #update}. For one
 * thread at a time.
 */
public interface LearningModel extends AutoCloseable {

    /** The weights that learn, those of adapters among them, in the order of the plan. */
    List<String> trained();

    /**
     * The shape of a weight that learns, and of its gradient and moments.
     *
     * @throws IllegalArgumentException if no such weight learns
     */
    long[] shape(String weight);

    /**
     * The cross entropies of a batch, without learning.
     *
     * @param inputs of the program, by name
     * @param targets {@code [n]} I32: the class of each row of the logits
     * @return for each target {@code -log softmax(logits)[target]}
     * @throws IllegalArgumentException naming the input that does not fit; nothing has run then
     */
    float[] losses(Map<String, HostTensor> inputs, HostTensor targets);

    /**
     * Adds the gradients of {@code factor * sum(losses)} to those accumulated since the last update.
     *
     * @param factor one divided by the number of targets of the whole update
     * @return as {@link #losses}
     */
    float[] accumulate(Map<String, HostTensor> inputs, HostTensor targets, float factor);

    /** The norm of all accumulated gradients together. */
    double gradientNorm();

    /** Moves the weights along the accumulated gradients, which the next {@link #accumulate} replaces. */
    void update(AdamWStep step);

    /** The tensors of all weights that learn, to be closed by the caller before the model changes again. */
    StateTensors read(LearningState state);

    /**
     * Replaces a tensor of a weight that learns, to continue from where another run stopped.
     *
     * @throws IllegalArgumentException if no such weight learns, or it has another shape
     */
    void write(String weight, LearningState state, HostTensor value);

    @Override
    void close();
}
