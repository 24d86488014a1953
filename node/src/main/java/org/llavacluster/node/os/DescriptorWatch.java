package org.llavacluster.node.os;

import java.util.function.Consumer;
import java.util.function.Supplier;

/** Says once that next to no file descriptors are left, and again when it happens again. */
public final class DescriptorWatch implements Runnable {

    private final Supplier<FileDescriptors> descriptors;
    private final Consumer<String> report;
    private boolean wasShort;

    public DescriptorWatch(Supplier<FileDescriptors> descriptors, Consumer<String> report) {
        this.descriptors = descriptors;
        this.report = report;
    }

    /** Looks. To be called now and then, by one thread. */
    @Override
    public void run() {
        FileDescriptors now = descriptors.get();
        if (now.isShort() && !wasShort) {
            report.accept("next to no file descriptors are left, so connections fail: " + now.describe());
        }
        wasShort = now.isShort();
    }
}
