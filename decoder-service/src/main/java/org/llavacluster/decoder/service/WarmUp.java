package org.llavacluster.decoder.service;

import java.util.List;
import org.llavacluster.decoder.loop.StepComputer;
import org.llavacluster.engine.DType;
import org.llavacluster.engine.HostTensor;
import org.llavacluster.model.decoder.RowRun;
import org.llavacluster.model.decoder.SequenceRows;

/**
 * Runs both kinds of step before the first request. The first runs wait for the JVM's compiler and would distort the
 * measured times.
 */
final class WarmUp {

    private WarmUp() {}

    /** Writes to the first block, which is overwritten before it is read. */
    static void run(StepComputer model, int hidden) {
        int[] block = {0};
        try (HostTensor embedding = HostTensor.heap(DType.F32, 1, hidden)) {
            List<RowRun> prompt = List.of(new RowRun.Ids(new int[] {0}), new RowRun.Embeddings(embedding, 0, 1));
            model.step(List.of(new SequenceRows(0, block, prompt, true))).close();
        }
        List<RowRun> token = List.of(new RowRun.Ids(new int[] {0}));
        model.step(List.of(new SequenceRows(2, block, token, true))).close();
    }
}
