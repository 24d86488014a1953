package org.llavacluster.vision.upload;

import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.llavacluster.node.time.Clock;

/** Clock and timers of uploads. */
public record UploadClock(Clock clock, ScheduledExecutorService timers) {

    long nanoTime() {
        return clock.nanoTime();
    }

    void after(long nanos, Runnable action) {
        var unused = timers.schedule(action, nanos, TimeUnit.NANOSECONDS);
    }
}
