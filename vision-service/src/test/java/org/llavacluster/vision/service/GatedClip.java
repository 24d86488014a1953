package org.llavacluster.vision.service;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.llavacluster.engine.DType;
import org.llavacluster.engine.HostTensor;
import org.llavacluster.engine.LoadedModel;
import org.llavacluster.modelio.config.VisionConfig;

/** Stands in for CLIP: every feature of a tile is the tile's first pixel value. Runs wait while the gate is closed. */
final class GatedClip implements Function<HostTensor, LoadedModel.Outputs> {

    private static final long PATIENCE_SECONDS = 20;

    private final VisionConfig config;
    private final Semaphore gate = new Semaphore(Integer.MAX_VALUE / 2);
    private final List<Integer> runs = new ArrayList<>();
    private boolean broken;

    GatedClip(VisionConfig config) {
        this.config = config;
    }

    void closeGate() {
        gate.drainPermits();
    }

    void openGate() {
        gate.release(Integer.MAX_VALUE / 4);
    }

    /** From now on every run throws. */
    synchronized void breakDown() {
        broken = true;
    }

    /** Tiles of each run that began. */
    synchronized List<Integer> runs() {
        return List.copyOf(runs);
    }

    private synchronized void began(int tiles) {
        runs.add(tiles);
        if (broken) {
            throw new IllegalStateException("the engine broke, quoting a secret");
        }
    }

    @Override
    public LoadedModel.Outputs apply(HostTensor pixels) {
        int tiles = Math.toIntExact(pixels.shape()[0]);
        began(tiles);
        try {
            if (!gate.tryAcquire(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                throw new AssertionError("the gate stayed closed");
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        HostTensor features = HostTensor.heap(DType.F32, (long) tiles * config.rowsPerTile(), config.features());
        long perTile = features.size() / tiles;
        long pixelsPerTile = pixels.size() / tiles;
        for (long i = 0; i < features.size(); i++) {
            float first = pixels.floatAt(i / perTile * pixelsPerTile);
            features.bytes().setAtIndex(HostTensor.FLOAT, i, first);
        }
        return new LoadedModel.Outputs() {
            @Override
            public HostTensor get(String name) {
                return features;
            }

            @Override
            public void close() {}
        };
    }
}
