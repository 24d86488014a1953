package org.llavacluster.training.run;

import java.util.stream.LongStream;
import org.llavacluster.engine.DType;
import org.llavacluster.engine.HostTensor;
import org.llavacluster.model.projector.ProjectorProgram;
import org.llavacluster.model.vision.VisionProgram;
import org.llavacluster.modelio.config.ModelConfig;

/**
 * The input of a program that images enter by.
 *
 * @param name of the input
 * @param itemShape shape of an item: a row of features, or a tile of pixels
 * @param rowsPerItem rows of features that an item is or becomes
 */
record ImageInput(String name, long[] itemShape, int rowsPerItem) {

    /** Features of a frozen tower. */
    static ImageInput features(int columns) {
        return new ImageInput(ProjectorProgram.FEATURES, new long[] {columns}, 1);
    }

    /** Pixels for a tower that learns. */
    static ImageInput pixels(ModelConfig config) {
        int side = config.image().side();
        return new ImageInput(
                VisionProgram.PIXELS,
                new long[] {config.vision().channels(), side, side},
                config.vision().rowsPerTile());
    }

    /** Items one after the other. */
    HostTensor heap(long items) {
        return HostTensor.heap(
                DType.F32,
                LongStream.concat(LongStream.of(items), LongStream.of(itemShape))
                        .toArray());
    }

    long bytesPerItem() {
        return HostTensor.elements(itemShape) * Float.BYTES;
    }
}
