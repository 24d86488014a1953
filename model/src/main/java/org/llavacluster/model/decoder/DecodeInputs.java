package org.llavacluster.model.decoder;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.llavacluster.engine.Backend;
import org.llavacluster.engine.DType;
import org.llavacluster.engine.HostTensor;

/** The inputs of {@link DecoderProgram#DECODE} runs, kept for each number of rows and overwritten in each step. */
final class DecodeInputs implements AutoCloseable {

    private final Backend backend;

    /** By number of rows. */
    private final List<Map<String, HostTensor>> kept = new ArrayList<>();

    DecodeInputs(Backend backend) {
        this.backend = backend;
    }

    /** Whether each sequence of the step has a single id and wants logits. */
    static boolean fit(List<SequenceRows> sequences) {
        for (SequenceRows sequence : sequences) {
            boolean oneId = sequence.runs().size() == 1
                    && sequence.runs().getFirst() instanceof RowRun.Ids ids
                    && ids.rows() == 1;
            if (!oneId || !sequence.wantsLogits()) {
                return false;
            }
        }
        return true;
    }

    /** Valid until the next call. */
    Map<String, HostTensor> of(List<SequenceRows> sequences) {
        Map<String, HostTensor> inputs = ofRows(sequences.size());
        HostTensor ids = inputs.get(DecoderProgram.IDS);
        HostTensor positions = inputs.get(DecoderProgram.POSITIONS);
        for (int row = 0; row < sequences.size(); row++) {
            SequenceRows sequence = sequences.get(row);
            RowRun.Ids run = (RowRun.Ids) sequence.runs().getFirst();
            ids.bytes().setAtIndex(HostTensor.INT, row, run.ids()[0]);
            positions.bytes().setAtIndex(HostTensor.INT, row, sequence.start());
        }
        return inputs;
    }

    @Override
    public void close() {
        kept.forEach(inputs -> inputs.values().forEach(HostTensor::close));
        kept.clear();
    }

    private Map<String, HostTensor> ofRows(int rows) {
        while (kept.size() < rows) {
            int size = kept.size() + 1;
            kept.add(Map.of(
                    DecoderProgram.IDS, backend.allocate(DType.I32, size),
                    DecoderProgram.POSITIONS, backend.allocate(DType.I32, size)));
        }
        return kept.get(rows - 1);
    }
}
