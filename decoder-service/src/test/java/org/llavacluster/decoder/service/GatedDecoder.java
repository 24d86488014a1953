package org.llavacluster.decoder.service;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.llavacluster.decoder.loop.StepComputer;
import org.llavacluster.model.decoder.SequenceRows;
import org.llavacluster.model.decoder.StepLogits;

/** A model that records how it was used, and that may be held or broken before a step. */
final class GatedDecoder implements StepComputer {

    /** Runs on the loop's thread before each step. */
    interface Gate {
        void before(List<SequenceRows> step);
    }

    final List<List<SequenceRows>> steps = new CopyOnWriteArrayList<>();
    volatile Gate gate = step -> {};
    private final StepComputer model;

    GatedDecoder(StepComputer model) {
        this.model = model;
    }

    @Override
    public StepLogits step(List<SequenceRows> sequences) {
        steps.add(sequences);
        gate.before(sequences);
        return model.step(sequences);
    }

    /** Rows computed so far, of all sequences. */
    int rows() {
        return steps.stream().flatMap(List::stream).mapToInt(SequenceRows::rows).sum();
    }

    int mostSequences() {
        return steps.stream().mapToInt(List::size).max().orElse(0);
    }
}
