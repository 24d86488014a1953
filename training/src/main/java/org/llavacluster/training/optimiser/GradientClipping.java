package org.llavacluster.training.optimiser;

/**
 * Clipping of gradients by the norm of all of them together, as in PyTorch's {@code clip_grad_norm_}.
 *
 * @param maxNorm the largest norm; infinite for no clipping
 */
public record GradientClipping(double maxNorm) {

    /** Keeps the division away from zero. */
    private static final double EPSILON = 1e-6;

    public GradientClipping {
        if (!(maxNorm > 0)) {
            throw new IllegalArgumentException("the largest gradient norm must be above 0, not " + maxNorm);
        }
    }

    /** What every gradient is multiplied by, at most 1. */
    public double factor(double norm) {
        return Math.min(1, maxNorm / (norm + EPSILON));
    }
}
