package org.llavacluster.decoder.service;

import java.util.List;
import org.llavacluster.decoder.loop.StepComputer;
import org.llavacluster.engine.DType;
import org.llavacluster.engine.HostTensor;
import org.llavacluster.model.decoder.RowRun;
import org.llavacluster.model.decoder.SequenceRows;

/**
 * Runs the steps that every question takes before the node is ready: a prompt of more rows than the kernels for small
 * batches take, and a single row. The JVM compiles a kernel while it runs for the first time, which takes seconds.
 */
final class WarmUp {

    /** More than {@code PackedMatrix.fewRows}; with one more it fits the smallest block. */
    private static final int PROMPT_ROWS = 14;

    private WarmUp() {}

    /** Writes to the first block, which is overwritten before it is read. */
    static void run(StepComputer model, int hidden) {
        int[] block = {0};
        try (HostTensor embeddings = HostTensor.heap(DType.F32, PROMPT_ROWS - 1, hidden)) {
            List<RowRun> prompt = List.of(new RowRun.Ids(new int[] {0}), new RowRun.Image(0, 0, PROMPT_ROWS - 1));
            model.step(List.of(new SequenceRows(0, block, prompt, _ -> embeddings, true)))
                    .close();
        }
        model.step(List.of(SequenceRows.ofIds(PROMPT_ROWS, block, new int[] {0}, true)))
                .close();
    }
}
