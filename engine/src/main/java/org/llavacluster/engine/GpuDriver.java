package org.llavacluster.engine;

import java.nio.file.Files;
import java.nio.file.Path;

/** Whether this machine has the driver of a GPU that a backend may compute on. */
public final class GpuDriver {

    private GpuDriver() {}

    public static boolean isPresent() {
        return Files.exists(Path.of("/dev/nvidiactl")) || Files.exists(Path.of("/dev/dxg"));
    }
}
