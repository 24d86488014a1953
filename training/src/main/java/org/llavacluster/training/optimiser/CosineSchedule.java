package org.llavacluster.training.optimiser;

/**
 * A learning rate that rises linearly from zero and falls along half a cosine, as in Hugging Face's {@code
 * get_cosine_schedule_with_warmup}. The first update has rate 0: only the optimiser's moments move.
 *
 * @param base the highest rate
 * @param updates of the whole run
 * @param warmup updates before the highest rate
 */
public record CosineSchedule(double base, int updates, int warmup) {

    public CosineSchedule {
        if (!(base >= 0) || Double.isInfinite(base)) {
            throw new IllegalArgumentException("the learning rate must be at least 0, not " + base);
        }
        if (updates < 1 || warmup < 0) {
            throw new IllegalArgumentException(updates + " updates with " + warmup + " of warm-up");
        }
    }

    /**
     * @param warmupRatio part of the updates before the highest rate, in [0, 1]
     */
    public static CosineSchedule withWarmup(double base, int updates, double warmupRatio) {
        if (!(warmupRatio >= 0 && warmupRatio <= 1)) {
            throw new IllegalArgumentException("the warm-up ratio must be between 0 and 1, not " + warmupRatio);
        }
        return new CosineSchedule(base, updates, (int) Math.ceil(updates * warmupRatio));
    }

    /**
     * The rate of an update.
     *
     * @param update counted from 0
     */
    public double rate(int update) {
        if (update < warmup) {
            return base * ((double) update / Math.max(1, warmup));
        }
        double done = (double) (update - warmup) / Math.max(1, updates - warmup);
        return base * Math.max(0, 0.5 * (1 + Math.cos(Math.PI * done)));
    }
}
