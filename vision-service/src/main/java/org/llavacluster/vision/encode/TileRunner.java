package org.llavacluster.vision.encode;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.llavacluster.engine.Backend;
import org.llavacluster.engine.DType;
import org.llavacluster.engine.HostTensor;
import org.llavacluster.engine.LoadedModel;
import org.llavacluster.model.vision.VisionProgram;
import org.llavacluster.modelio.config.VisionConfig;
import org.llavacluster.node.tensor.CachedTensor;
import org.llavacluster.worker.model.WireFormat;
import org.llavacluster.worker.serve.WireTensors;

/** Runs the engine once over the pixel values of several images and returns the features of each. */
public final class TileRunner {

    private final Function<HostTensor, LoadedModel.Outputs> model;
    private final VisionConfig config;
    private final WireFormat wire;
    private final Backend backend;

    /**
     * @param model from pixels {@code [tiles, 3, side, side]} to "features" {@code [tiles * rowsPerTile, features]}
     */
    public TileRunner(
            Function<HostTensor, LoadedModel.Outputs> model, VisionConfig config, WireFormat wire, Backend backend) {
        this.model = model;
        this.config = config;
        this.wire = wire;
        this.backend = backend;
    }

    /** The features of each image of the batch, in its order: {@code [tiles of the image * rowsPerTile, features]}. */
    List<CachedTensor> run(List<PreparedImage> batch) {
        if (batch.size() == 1) {
            return run(batch, batch.getFirst().pixels());
        }
        try (HostTensor pixels = together(batch)) {
            return run(batch, pixels);
        }
    }

    private List<CachedTensor> run(List<PreparedImage> batch, HostTensor pixels) {
        List<CachedTensor> features = new ArrayList<>(batch.size());
        try (LoadedModel.Outputs outputs = model.apply(pixels)) {
            HostTensor rows = outputs.get(VisionProgram.FEATURES);
            long row = 0;
            for (PreparedImage image : batch) {
                long own = (long) image.tiles() * config.rowsPerTile();
                features.add(WireTensors.rows(image.job().key(), rows, row, own, wire));
                row += own;
            }
        }
        return features;
    }

    /**
     * Copies the pixels into one tensor, because the engine takes one and batches are formed after the images are
     * prepared.
     */
    private HostTensor together(List<PreparedImage> batch) {
        int tiles = batch.stream().mapToInt(PreparedImage::tiles).sum();
        HostTensor all = backend.allocate(DType.F32, tiles, config.channels(), config.imageSize(), config.imageSize());
        long at = 0;
        for (PreparedImage image : batch) {
            MemorySegment own = image.pixels().bytes();
            MemorySegment.copy(own, 0, all.bytes(), at, own.byteSize());
            at += own.byteSize();
        }
        return all;
    }
}
