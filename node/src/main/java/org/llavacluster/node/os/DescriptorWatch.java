package org.llavacluster.node.os;

import java.util.function.Consumer;
import java.util.function.Supplier;

/** Reports once when almost no file descriptors are left, and again after they have recovered and run low once more. */
public final class DescriptorWatch implements Runnable {

    private final Supplier<FileDescriptors> descriptors;
    private final Consumer<String> report;
    private boolean wasShort;

    public DescriptorWatch(Supplier<FileDescriptors> descriptors, Consumer<String> report) {
        this.descriptors = descriptors;
        this.report = report;
    }

    /** Checks once. To be called periodically by one thread. */
    @Override
    public void run() {
        FileDescriptors now = descriptors.get();
        if (now.isShort() && !wasShort) {
            report.accept("almost no file descriptors are left, so connections fail: " + now.describe());
        }
        wasShort = now.isShort();
    }
}
