package org.llavacluster.simulator.load;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.llavacluster.simulator.RequestMaker;
import org.llavacluster.simulator.worker.WorkerSpeed;

/** Latency and goodput at several loads, as shares of what the cluster can do. */
public final class LoadSweep {

    private static final List<Double> SHARES = List.of(0.2, 0.4, 0.6, 0.8, 0.9, 1.0, 1.2, 2.0, 5.0, 10.0);

    /** @param share of the most that the cluster completes */
    public record Point(double share, LoadFigures figures) {}

    private final long seed;
    private final ClusterSize size;
    private final double seconds;

    /** @param seconds of requests for each load */
    public LoadSweep(long seed, ClusterSize size, double seconds) {
        this.seed = seed;
        this.size = size;
        this.seconds = seconds;
    }

    /** @param onPoint called with each point when it is there */
    public List<Point> run(LoadMix mix, WorkerSpeed model, Consumer<Point> onPoint) {
        double capacity = capacity(mix, model);
        List<Point> points = new ArrayList<>();
        for (double share : SHARES) {
            Point point = new Point(share, load(mix, model, share * capacity));
            points.add(point);
            onPoint.accept(point);
        }
        return points;
    }

    private LoadFigures load(LoadMix mix, WorkerSpeed model, double perSecond) {
        return new LoadRun(seed, size, model, seconds)
                .run(List.of(new LoadRun.Stream("tenant", mix, perSecond)))
                .figures();
    }

    /** What the scarcest of slots, prompt rows and tiles allows, in requests per second. */
    public double capacity(LoadMix mix, WorkerSpeed model) {
        double tiles = 3 * mix.imageShare(); // the mean of 1 to 5
        double rows = mix.textTokens() + tiles * RequestMaker.ROWS_PER_TILE;
        double pace = model.tokenNanos() / 1e9 * (1 + model.streamShare() * (model.slots() - 1));
        double held = mix.answerTokens() * pace + rows / model.prefillPerSecond();
        double slots = size.decoders() * model.slots() / held;
        double prefill = size.decoders() * model.prefillPerSecond() / rows;
        double vision = tiles == 0 ? Double.MAX_VALUE : size.visions() * model.tilesPerSecond() / tiles;
        return Math.min(slots, Math.min(prefill, vision));
    }
}
