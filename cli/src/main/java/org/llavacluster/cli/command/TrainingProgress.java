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

    private final Progress lines = Progress.toStderr();
    private final Clock clock = Clock.SYSTEM;
    private long started;
    private int first;
    private long targets;

    @Override
    public void prepared(long records, long imagesEncoded) {
        lines.step(false, () -> "%d records checked, %d images encoded".formatted(records, imagesEncoded));
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
        lines.step(done == updates, () -> line(report, done, updates));
    }

    private String line(UpdateReport report, int done, int updates) {
        double seconds = Math.max(1e-9, (clock.nanoTime() - started) / 1e9);
        return String.format(
                Locale.ROOT,
                "update %d of %d: loss %.4f, gradient norm %.3f, %.0f targets/s, %.0f s left",
                done,
                updates,
                report.loss(),
                report.gradientNorm(),
                targets / seconds,
                seconds / (done - first) * (updates - done));
    }
}
