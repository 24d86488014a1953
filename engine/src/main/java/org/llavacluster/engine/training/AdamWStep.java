package org.llavacluster.engine.training;

import java.util.function.Function;

/**
 * One update of AdamW (arXiv 1711.05101) as PyTorch computes it: {@code w -= rate * decay * w}, then {@code w -= rate *
 * m' / (sqrt(v') + epsilon)} with the moments' bias corrected.
 *
 * @param number of the update, from 1
 * @param beta1 kept of the first moment
 * @param beta2 kept of the second moment
 * @param gradientFactor what the accumulated gradients are multiplied by, for clipping
 * @param groups by the names of the weights
 */
public record AdamWStep(
        int number,
        double beta1,
        double beta2,
        double epsilon,
        double gradientFactor,
        Function<String, AdamWGroup> groups) {

    public AdamWStep {
        if (number < 1 || !(beta1 >= 0 && beta1 < 1) || !(beta2 >= 0 && beta2 < 1) || !(epsilon > 0)) {
            throw new IllegalArgumentException(
                    "update " + number + ", betas " + beta1 + " and " + beta2 + ", epsilon " + epsilon);
        }
        if (!Double.isFinite(gradientFactor)) {
            throw new IllegalArgumentException("gradients times " + gradientFactor);
        }
    }

    /** {@code 1 - beta1^number}: the share of the first moment that gradients have filled. */
    public double correction1() {
        return 1 - Math.pow(beta1, number);
    }

    /** {@code 1 - beta2^number}: the share of the second moment that gradients have filled. */
    public double correction2() {
        return 1 - Math.pow(beta2, number);
    }
}
