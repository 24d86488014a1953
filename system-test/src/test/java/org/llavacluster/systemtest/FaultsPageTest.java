package org.llavacluster.systemtest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.llavacluster.systemtest.harness.Launcher;

/** Every test that docs/faults.md names exists. */
class FaultsPageTest {

    private static final Pattern NAMED = Pattern.compile("`(\\w+Test)\\.(should\\w+)`");
    private static final Pattern METHOD = Pattern.compile("void (should\\w+)\\(");

    @Test
    void shouldNameTestsThatExist() throws IOException {
        Set<String> named = NAMED.matcher(Files.readString(Launcher.root().resolve("docs/faults.md")))
                .results()
                .map(match -> match.group(1) + "." + match.group(2))
                .collect(Collectors.toSet());
        assertThat(named).hasSizeGreaterThan(40);
        assertThat(existing()).containsAll(named);
    }

    private static Set<String> existing() throws IOException {
        try (Stream<Path> modules = Files.list(Launcher.root())) {
            return modules.map(module -> module.resolve("src/test/java"))
                    .filter(Files::isDirectory)
                    .flatMap(FaultsPageTest::tests)
                    .collect(Collectors.toSet());
        }
    }

    private static Stream<String> tests(Path sources) {
        try (Stream<Path> files = Files.walk(sources)) {
            return files
                    .filter(file -> file.getFileName().toString().endsWith("Test.java"))
                    .flatMap(FaultsPageTest::methods)
                    .toList()
                    .stream();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static Stream<String> methods(Path file) {
        try {
            Matcher methods = METHOD.matcher(Files.readString(file));
            String type = file.getFileName().toString().replace(".java", "");
            return methods.results().map(match -> type + "." + match.group(1)).toList().stream();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
