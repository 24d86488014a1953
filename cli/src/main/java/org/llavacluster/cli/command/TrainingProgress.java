package org.llavacluster.cli.command;

import java.util.List;
import java.util.Locale;
import org.llavacluster.cli.terminal.Progress;
import org.llavacluster.node.time.Clock;
import org.llavacluster.training.data.RefusedRecord;
import org.llavacluster.training.run.FineTuningListener;
import org.llavacluster.training.run.UpdateReport;

/** Prints how far a run is: at most a line a second, and the last. */
final class TrainingProgress implements FineTuningListener {

    /** Refused records that are named; the others are counted. */
    private static final int NAMED = 10;

    private static final long SECOND = 1_000_000_000L;

    private final Progress lines = Progress.toStderr();
    private final Clock clock = Clock.SYSTEM;
    private long started;
    private long printed;
    private int first;
    private long targets;

    @Override
    public void prepared(long records, long imagesEncoded) {
        if (isDue()) {
            lines.done("%d records checked, %d images encoded".formatted(records, imagesEncoded));
        }
    }

    @Override
    public void starting(int records, List<RefusedRecord> refused, int updatesDone, int updates) {
        refused.stream().limit(NAMED).forEach(one -> lines.note("left out: " + one));
        if (refused.size() > NAMED) {
            lines.note("left out: " + (refused.size() - NAMED) + " records more");
        }
        lines.done("%d records, %s update %d of %d"
                .formatted(records, updatesDone == 0 ? "from" : "continuing from", updatesDone, updates));
        started = clock.nanoTime();
        first = updatesDone;
    }

    @Override
    public void updated(UpdateReport report, int updates) {
        targets += report.targets();
        int done = report.update() + 1;
        if (isDue() || done == updates) {
            double seconds = Math.max(1e-9, (clock.nanoTime() - started) / 1e9);
            double left = seconds / (done - first) * (updates - done);
            lines.done(String.format(
                    Locale.ROOT,
                    "update %d of %d: loss %.4f, gradient norm %.3f, %.0f targets/s, %.0f s left",
                    done,
                    updates,
                    report.loss(),
                    report.gradientNorm(),
                    targets / seconds,
                    left));
        }
    }

    private boolean isDue() {
        boolean due = clock.nanoTime() - printed > SECOND;
        printed = due ? clock.nanoTime() : printed;
        return due;
    }
}
