package org.llavacluster.helm;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The operator's manual names every alert and every metric. */
class OperatingPageTest {

    private static final Path ROOT = Path.of(System.getProperty("llava.root"));
    private static final Pattern METER = Pattern.compile("\"(llava(?:\\.[a-z]+)+)\"");

    private static String page;

    @BeforeAll
    static void read() throws IOException {
        page = Files.readString(ROOT.resolve("docs/operating.md"));
    }

    @Test
    void shouldSayWhatToDoAboutEachAlert() {
        String rules =
                RenderedChart.of("default", Map.of("monitoring.rules", "true")).manifest("PrometheusRule");
        Matcher alerts = Pattern.compile("alert: (\\w+)").matcher(rules);
        List<String> names =
                alerts.results().map(match -> match.group(1)).distinct().toList();
        assertThat(names).hasSizeGreaterThan(5);
        assertThat(names).allSatisfy(name -> assertThat(page).contains("| `" + name + "` |"));
    }

    @Test
    void shouldNameEachMetric() throws IOException {
        TreeSet<String> meters = new TreeSet<>();
        try (Stream<Path> modules = Files.list(ROOT)) {
            for (Path module : modules.sorted().toList()) {
                addMeters(module.resolve("src/main/java"), meters);
            }
        }
        assertThat(meters).hasSizeGreaterThan(30);
        assertThat(meters)
                .allSatisfy(meter -> assertThat(page).containsPattern("`" + meter.replace('.', '_') + "(_[a-z]+)?`"));
    }

    /** The texts that look like names of meters, in files that use the library of meters. */
    private static void addMeters(Path sources, TreeSet<String> meters) throws IOException {
        if (!Files.isDirectory(sources)) {
            return;
        }
        try (Stream<Path> files = Files.walk(sources)) {
            for (Path file :
                    files.filter(each -> each.toString().endsWith(".java")).toList()) {
                String text = Files.readString(file);
                if (text.contains("import io.micrometer.core.instrument")) {
                    METER.matcher(text).results().map(MatchResult::group).forEach(name -> meters.add(unquoted(name)));
                }
            }
        }
    }

    private static String unquoted(String name) {
        return name.substring(1, name.length() - 1);
    }
}
