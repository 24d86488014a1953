package org.llavacluster.systemtest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.llavacluster.systemtest.harness.Launcher;

/**
 * Rules that keep tests from failing now and then, as far as their sources show it: tests wait for an event, not for a
 * time; they give a busy machine time; and they use ports assigned by the system.
 */
class TestRulesTest {

    private static final int LEAST_SECONDS = 10;

    /** This test contains the forbidden words itself. */
    private static final String SELF = "TestRulesTest.java";

    /** The only places that poll, for lack of an event; each has a limit. */
    private static final List<String> LOOK_AGAIN = List.of(
            "CallRefusalsTest.java", "Eventually.java", "StagedVision.java", "VisionRig.java", "SystemProcess.java");

    private static final Pattern SLEEP =
            Pattern.compile("Thread\\.sleep|TimeUnit\\.[A-Z]+\\.sleep|\\bsleep\\([0-9]|delayedExecutor");
    private static final Pattern PARK = Pattern.compile("parkNanos|parkUntil");

    /** A number and its unit in a call that waits. */
    private static final Pattern LIMIT = Pattern.compile(
            "\\b(?:get|await|waitFor|poll|join|tryAcquire|tryLock|offer|orTimeout|awaitTermination|invokeAll|exchange)"
                    + "\\((?:[^()]*, *)?([0-9_]+), *(?:TimeUnit\\.)?"
                    + "(SECONDS|MILLISECONDS|MICROSECONDS|NANOSECONDS)\\)");

    /** A constant for the time that a test waits. */
    private static final Pattern PATIENCE =
            Pattern.compile("\\b(?:PATIENCE|BOUND|LONGEST|TIMEOUT)\\w* = Duration\\.of(Seconds|Millis)\\(([0-9_]+)\\)");

    private static final Pattern TIMEOUT = Pattern.compile("@Timeout\\(([0-9_]+)\\)|@Timeout\\([^)]*unit");

    /** A socket that is bound to find a free port and closed before the port is used. */
    private static final Pattern NAMED_PORT =
            Pattern.compile("new ServerSocket\\(0\\)\\.getLocalPort|freePort|findFree");

    private record Line(Path file, int number, String text) {

        @Override
        public String toString() {
            return file + ":" + number + ": " + text.strip();
        }
    }

    private static List<Line> lines;

    @BeforeAll
    static void readAllTests() throws IOException {
        lines = new ArrayList<>();
        Path root = Launcher.root();
        try (Stream<Path> modules = Files.list(root)) {
            for (Path tests : modules.map(module -> module.resolve("src/test/java"))
                    .filter(Files::isDirectory)
                    .toList()) {
                read(root, tests);
            }
        }
        assertThat(lines).hasSizeGreaterThan(10_000);
    }

    private static void read(Path root, Path tests) throws IOException {
        try (Stream<Path> files = Files.walk(tests)) {
            for (Path file : files.filter(path -> path.toString().endsWith(".java"))
                    .filter(path -> !path.endsWith(SELF))
                    .toList()) {
                List<String> text = Files.readAllLines(file);
                for (int i = 0; i < text.size(); i++) {
                    lines.add(new Line(root.relativize(file), i + 1, text.get(i)));
                }
            }
        }
    }

    @Test
    void shouldSeeWhatItForbids() {
        assertThat(SLEEP.matcher("            Thread.sleep(100);").find()).isTrue();
        assertThat(limitsSeconds("ended.get(5, TimeUnit.SECONDS);")).containsExactly(5.0);
        assertThat(limitsSeconds("pool.invokeAll(calls, 9_000, MILLISECONDS)")).containsExactly(9.0);
        assertThat(limitsSeconds("private static final Duration PATIENCE = Duration.ofSeconds(5);"))
                .containsExactly(5.0);
        assertThat(limitsSeconds("@Timeout(9)")).containsExactly(9.0);
        assertThat(limitsSeconds("stub.withDeadlineAfter(300, TimeUnit.MILLISECONDS)"))
                .as("what is tested, not how long it is waited for")
                .isEmpty();
    }

    @Test
    void shouldNotWaitWithASleep() {
        assertThat(lines).noneMatch(line -> SLEEP.matcher(line.text()).find());
        assertThat(lines.stream()
                        .filter(line -> PARK.matcher(line.text()).find())
                        .map(line -> line.file().getFileName().toString()))
                .isSubsetOf(LOOK_AGAIN);
    }

    /** A wait that is repeated until something holds may be short: it is the condition of a loop. */
    @Test
    void shouldHaveNoTimeLimitThatABusyMachineCouldMiss() {
        assertThat(lines.stream().filter(line -> !line.text().contains("while (")))
                .noneMatch(line -> limitsSeconds(line.text()).anyMatch(seconds -> seconds < LEAST_SECONDS));
    }

    private static Stream<Double> limitsSeconds(String line) {
        Stream<Double> waits = LIMIT.matcher(line).results().map(wait -> seconds(wait.group(1), wait.group(2)));
        Stream<Double> constants =
                PATIENCE.matcher(line).results().map(constant -> seconds(constant.group(2), constant.group(1)));
        Stream<Double> timeouts = TIMEOUT.matcher(line)
                .results()
                .map(timeout -> timeout.group(1) == null ? 0.0 : seconds(timeout.group(1), "SECONDS"));
        return Stream.of(waits, constants, timeouts).flatMap(all -> all);
    }

    private static double seconds(String number, String unit) {
        return Double.parseDouble(number.replace("_", "")) * secondsOf(unit);
    }

    private static double secondsOf(String unit) {
        return switch (unit) {
            case "SECONDS", "Seconds" -> 1;
            case "MILLISECONDS", "Millis" -> 1e-3;
            case "MICROSECONDS" -> 1e-6;
            default -> 1e-9;
        };
    }

    @Test
    void shouldTakeAPortThatTheSystemGivesAndKeepsForThem() {
        assertThat(lines).noneMatch(line -> NAMED_PORT.matcher(line.text()).find());
        assertThat(lines).noneMatch(line -> {
            Matcher bound = Pattern.compile("new ServerSocket\\(([0-9]+)|InetSocketAddress\\([^()]*, ([0-9]+)\\)")
                    .matcher(line.text());
            return bound.find() && !"0".equals(bound.group(1) == null ? bound.group(2) : bound.group(1));
        });
    }
}
