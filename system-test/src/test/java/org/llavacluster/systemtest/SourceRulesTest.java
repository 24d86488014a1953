package org.llavacluster.systemtest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.llavacluster.systemtest.harness.Launcher;

/** Rules for the names of classes, for packages and for the width of lines, read from the sources of all modules. */
class SourceRulesTest {

    private static final int COLUMNS = 120;
    private static final String PACKAGE_INFO = "package-info.java";

    /** Packages with a single class, and the reason. */
    private static final Map<String, String> SINGLE_CLASS_PACKAGES =
            Map.of("org/llavacluster/node/time", "the time is read in this package only, which a rule checks");

    private static List<Path> sources;

    @BeforeAll
    static void findSources() throws IOException {
        sources = new ArrayList<>();
        try (Stream<Path> modules = Files.list(Launcher.root())) {
            for (Path module : modules.sorted().toList()) {
                for (String kind : List.of("src/main/java", "src/test/java")) {
                    addSources(module.resolve(kind));
                }
            }
        }
        assertThat(sources).hasSizeGreaterThan(500);
    }

    private static void addSources(Path folder) throws IOException {
        if (Files.isDirectory(folder)) {
            try (Stream<Path> files = Files.walk(folder)) {
                files.filter(file -> file.toString().endsWith(".java")).forEach(sources::add);
            }
        }
    }

    @Test
    void shouldNameEachClassOnce() {
        Map<String, List<Path>> byName = sources.stream()
                .filter(file -> !file.endsWith(PACKAGE_INFO))
                .collect(Collectors.groupingBy(
                        file -> file.getFileName().toString(), TreeMap::new, Collectors.toList()));
        byName.values().removeIf(files -> files.size() == 1);
        assertThat(byName).isEmpty();
    }

    @Test
    void shouldDescribeEachPackage() {
        assertThat(mainClassesByPackage().keySet())
                .allSatisfy(folder -> assertThat(folder.resolve(PACKAGE_INFO)).isRegularFile());
    }

    @Test
    void shouldHaveSeveralClassesInAPackage() {
        Map<Path, Long> single = mainClassesByPackage();
        single.values().removeIf(classes -> classes > 1);
        single.keySet()
                .removeIf(folder -> SINGLE_CLASS_PACKAGES.keySet().stream().anyMatch(folder::endsWith));
        assertThat(single).isEmpty();
    }

    /** Text blocks are data, whose lines may be longer. */
    @Test
    void shouldKeepLinesWithin120Columns() throws IOException {
        List<String> wide = new ArrayList<>();
        for (Path file : sources) {
            Path relative = Launcher.root().relativize(file);
            boolean textBlock = false;
            int number = 0;
            for (String line : Files.readAllLines(file)) {
                number++;
                boolean toggles = line.split("\"\"\"", -1).length % 2 == 0;
                if (!textBlock && !toggles && line.codePointCount(0, line.length()) > COLUMNS) {
                    wide.add(relative + ":" + number);
                }
                textBlock ^= toggles;
            }
        }
        assertThat(wide).isEmpty();
    }

    /** Number of classes, without {@code package-info}, in each folder of main sources. */
    private static Map<Path, Long> mainClassesByPackage() {
        return sources.stream()
                .filter(file -> file.toString().contains("/src/main/java/") && !file.endsWith(PACKAGE_INFO))
                .collect(Collectors.groupingBy(Path::getParent, TreeMap::new, Collectors.counting()));
    }
}
