package org.llavacluster.model.decoder;

import java.util.List;
import java.util.function.IntFunction;
import org.llavacluster.engine.HostTensor;

/**
 * The rows of one sequence in a step: positions {@code [start, start + rows())}. Earlier positions are in the cache.
 *
 * @param blocks the sequence's block table, covering at least {@code start + rows()} positions; must not change during
 *     the step
 * @param images the embeddings of an image by its number, {@code [rows, hidden]} F32 or F16; read only during the step
 * @param wantsLogits whether to compute the logits of the last row
 */
public record SequenceRows(
        int start, int[] blocks, List<RowRun> runs, IntFunction<HostTensor> images, boolean wantsLogits) {

    public SequenceRows {
        runs = List.copyOf(runs);
        if (start < 0 || runs.isEmpty()) {
            throw new IllegalArgumentException("start " + start + ", " + runs.size() + " runs");
        }
        for (RowRun run : runs) {
            if (run instanceof RowRun.Image(int image, int firstRow, int rows)) {
                long held = images.apply(image).shape()[0];
                if (firstRow + (long) rows > held) {
                    throw new IllegalArgumentException("rows " + firstRow + " to " + (firstRow + (long) rows)
                            + " of image " + image + ", which has " + held);
                }
            }
        }
    }

    /** Rows of token ids alone. */
    public static SequenceRows ofIds(int start, int[] blocks, int[] ids, boolean wantsLogits) {
        return new SequenceRows(start, blocks, List.of(new RowRun.Ids(ids)), SequenceRows::noImage, wantsLogits);
    }

    private static HostTensor noImage(int image) {
        throw new IllegalArgumentException("image " + image + " of a sequence without images");
    }

    public int rows() {
        int rows = 0;
        for (RowRun run : runs) {
            rows += run.rows();
        }
        return rows;
    }
}
