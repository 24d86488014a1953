package org.llavacluster.model.decoder;

import java.util.List;

/**
 * The rows of one sequence in a step: positions {@code [start, start + rows())}. Earlier positions are in the cache.
 *
 * @param blocks the sequence's block table, covering at least {@code start + rows()} positions; must not change during
 *     the step
 * @param wantsLogits whether to compute the logits of the last row
 */
public record SequenceRows(int start, int[] blocks, List<RowRun> runs, boolean wantsLogits) {

    public SequenceRows {
        runs = List.copyOf(runs);
        if (start < 0 || runs.isEmpty()) {
            throw new IllegalArgumentException("start " + start + ", " + runs.size() + " runs");
        }
    }

    public int rows() {
        int rows = 0;
        for (RowRun run : runs) {
            rows += run.rows();
        }
        return rows;
    }
}
