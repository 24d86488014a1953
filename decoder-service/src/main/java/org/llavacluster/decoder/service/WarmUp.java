package org.llavacluster.decoder.service;

import java.util.List;
import org.llavacluster.decoder.loop.StepComputer;
import org.llavacluster.engine.DType;
import org.llavacluster.engine.HostTensor;
import org.llavacluster.model.decoder.RowRun;
import org.llavacluster.model.decoder.SequenceRows;
import org.llavacluster.node.time.Clock;

/**
 * Runs the steps that every question takes, before the node is ready: a prompt of more rows than the kernels for small
 * batches take, and a single row, each until it gets no faster.
 */
final class WarmUp {

    /** More than {@code PackedMatrix.fewRows}; with one more it fits the smallest block. */
    private static final int PROMPT_ROWS = 14;

    private WarmUp() {}

    /** Writes to the first block, which is overwritten before it is read. */
    static void run(StepComputer model, int hidden, Clock clock) {
        int[] block = {0};
        try (HostTensor embeddings = HostTensor.heap(DType.F32, PROMPT_ROWS - 1, hidden)) {
            List<RowRun> runs = List.of(new RowRun.Ids(new int[] {0}), new RowRun.Image(0, 0, PROMPT_ROWS - 1));
            SequenceRows prompt = new SequenceRows(0, block, runs, _ -> embeddings, true);
            WarmUpRuns.of(() -> model.step(List.of(prompt)).close(), clock);
        }
        SequenceRows token = SequenceRows.ofIds(PROMPT_ROWS, block, new int[] {0}, true);
        WarmUpRuns.of(() -> model.step(List.of(token)).close(), clock);
    }
}
