package org.llavacluster.model.memory;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The memory of the machine. */
public final class MachineMemory {

    private static final Path LINUX = Path.of("/proc/meminfo");
    private static final String AVAILABLE = "MemAvailable:";
    private static final long KIB = 1024;

    private MachineMemory() {}

    /** Bytes of the machine, or of the container if that has less. */
    public static long bytes() {
        return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getTotalMemorySize();
    }

    /**
     * Bytes available at present without swapping, including the page cache; all of the memory if unknown. The use of a
     * container's limit by other processes is not considered.
     */
    public static long bytesAvailableNow() {
        try {
            return Files.exists(LINUX) ? available(Files.readAllLines(LINUX), bytes()) : bytes();
        } catch (IOException e) {
            return bytes();
        }
    }

    /** @param lines such as "MemAvailable:   20679000 kB" */
    static long available(List<String> lines, long total) {
        return lines.stream()
                .filter(line -> line.startsWith(AVAILABLE))
                .map(line -> line.substring(AVAILABLE.length()).strip().split(" ")[0])
                .filter(kibibytes -> kibibytes.matches("\\d{1,15}"))
                .mapToLong(kibibytes -> Math.min(total, Long.parseLong(kibibytes) * KIB))
                .findFirst()
                .orElse(total);
    }
}
