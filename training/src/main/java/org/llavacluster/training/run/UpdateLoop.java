package org.llavacluster.training.run;

import java.io.IOException;
import java.util.List;
import java.util.function.IntConsumer;
import java.util.function.IntFunction;
import org.llavacluster.engine.training.LearningModel;

/** The updates of a run from its newest checkpoint on. Each is logged, and some are followed by a checkpoint. */
final class UpdateLoop {

    private final RunFolder folder;
    private final int saveEvery;
    private final FineTuningListener listener;

    UpdateLoop(RunFolder folder, int saveEvery, FineTuningListener listener) {
        this.folder = folder;
        this.saveEvery = saveEvery;
        this.listener = listener;
    }

    /**
     * Continues from the newest checkpoint, or starts, and makes the updates that are left.
     *
     * @param starting called once with the updates that are done
     * @param batches of each update, counted from 0
     */
    void run(
            LearningModel model,
            UpdateSettings settings,
            int updates,
            IntConsumer starting,
            IntFunction<List<LearningBatch>> batches)
            throws IOException {
        int done = resume(model);
        starting.accept(done);
        TrainingRun training = new TrainingRun(model, settings);
        for (int update = done; update < updates; update++) {
            UpdateReport report = training.update(update, batches.apply(update));
            folder.log(report);
            listener.updated(report, updates);
            if ((update + 1) % saveEvery == 0 || update + 1 == updates) {
                folder.checkpoints().write(model, update + 1);
                listener.saved(update + 1);
            }
        }
    }

    /** Puts a model into the state of the newest checkpoint, if there is one, and returns the updates that it has. */
    private int resume(LearningModel model) throws IOException {
        int done = folder.checkpoints().newest().orElse(0);
        if (done > 0) {
            folder.checkpoints().read(model, done);
        }
        folder.continueLog(done);
        return done;
    }
}
