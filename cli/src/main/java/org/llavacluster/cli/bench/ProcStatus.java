package org.llavacluster.cli.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What Linux says of a process.
 *
 * @param residentBytes memory that it holds
 * @param peakBytes the most that it ever held
 * @param files open file descriptors
 */
public record ProcStatus(long residentBytes, long peakBytes, long threads, long files) {

    private static final Pattern RESIDENT = Pattern.compile("^VmRSS:\\s+(\\d+) kB$", Pattern.MULTILINE);
    private static final Pattern PEAK = Pattern.compile("^VmHWM:\\s+(\\d+) kB$", Pattern.MULTILINE);
    private static final Pattern THREADS = Pattern.compile("^Threads:\\s+(\\d+)$", Pattern.MULTILINE);

    /** Empty where there is no such process, or no Linux. */
    public static Optional<ProcStatus> of(long pid) {
        Path process = Path.of("/proc", Long.toString(pid));
        try (Stream<Path> files = Files.list(process.resolve("fd"))) {
            return parse(Files.readString(process.resolve("status")), files.count());
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** @param status the content of {@code /proc/PID/status}; a process that is a zombie has no memory in it */
    static Optional<ProcStatus> parse(String status, long files) {
        OptionalLong resident = number(RESIDENT, status);
        OptionalLong peak = number(PEAK, status);
        OptionalLong threads = number(THREADS, status);
        if (resident.isEmpty() || peak.isEmpty() || threads.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(
                new ProcStatus(resident.getAsLong() << 10, peak.getAsLong() << 10, threads.getAsLong(), files));
    }

    private static OptionalLong number(Pattern field, String status) {
        Matcher matcher = field.matcher(status);
        return matcher.find() ? OptionalLong.of(Long.parseLong(matcher.group(1))) : OptionalLong.empty();
    }
}
