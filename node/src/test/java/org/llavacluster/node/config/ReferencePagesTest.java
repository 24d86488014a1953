package org.llavacluster.node.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The reference pages match the list of properties. With {@code -Ddocs.write=true} they are written, as after each
 * change of the list.
 */
class ReferencePagesTest {

    private static final Path DOCS = Path.of(System.getProperty("llava.root"), "docs");

    @Test
    void shouldDocumentEveryPropertyAndLimit() throws IOException {
        check(DOCS.resolve("configuration.md"), ReferencePages.configuration());
        check(DOCS.resolve("limits.md"), ReferencePages.limits());
    }

    private static void check(Path page, String expected) throws IOException {
        if (Boolean.getBoolean("docs.write")) {
            Files.writeString(page, expected);
        }
        assertThat(Files.readString(page))
                .as("%s is generated; after a change of the properties run this test with -Ddocs.write=true", page)
                .isEqualTo(expected);
    }

    @Test
    void shouldDeclareEachPropertyAndLimitOnce() {
        assertThat(PropertyList.all().stream().map(Property::name)).doesNotHaveDuplicates();
        assertThat(FixedLimits.all().stream().map(FixedLimit::name)).doesNotHaveDuplicates();
    }

    /** A limit without a test, a test that is gone, and a test that does not say which limits it holds. */
    @Test
    void shouldNameATestForEachLimitThatNamesTheLimit() throws IOException {
        Map<String, Path> tests = tests();
        for (Map.Entry<String, List<String>> holder : LimitHolders.byTest().entrySet()) {
            assertThat(tests).containsKey(holder.getKey());
            String source = Files.readString(tests.get(holder.getKey()));
            assertThat(holder.getValue())
                    .allSatisfy(limit -> assertThat(source).as(holder.getKey()).contains(limit));
        }
        List<String> held =
                LimitHolders.byTest().values().stream().flatMap(List::stream).toList();
        assertThat(held).doesNotHaveDuplicates();
        long limits = FixedLimits.all().size()
                + PropertyList.all().stream()
                        .filter(property -> property.limit().isPresent())
                        .count();
        assertThat(held).as("each limit, and nothing else").hasSize((int) limits);
    }

    private static Map<String, Path> tests() throws IOException {
        Map<String, Path> tests = new HashMap<>();
        try (Stream<Path> modules = Files.list(DOCS.getParent())) {
            for (Path module : modules.toList()) {
                Path sources = module.resolve("src/test/java");
                if (Files.isDirectory(sources)) {
                    try (Stream<Path> files = Files.walk(sources)) {
                        files.filter(file -> file.toString().endsWith("Test.java"))
                                .forEach(file ->
                                        tests.put(file.getFileName().toString().replace(".java", ""), file));
                    }
                }
            }
        }
        return tests;
    }

    @Test
    void shouldFitTablesOfMarkdown() {
        Stream<String> texts = Stream.concat(
                PropertyList.all().stream().map(Property::meaning),
                FixedLimits.all().stream()
                        .map(limit ->
                                limit.name() + limit.note().why() + limit.note().seen()));
        assertThat(texts).noneMatch(text -> text.contains("|") || text.contains("\n"));
    }

    @Test
    void shouldAcceptEveryDefault() {
        PropertyList.all().forEach(ReferencePagesTest::checkDefault);
    }

    private static <T> void checkDefault(Property<T> property) {
        if (property.defaultValue() instanceof DefaultValue.Constant<T>(T value)) {
            String written = property.type().written(value).replaceAll(" .*", "");
            assertThat(property.type().parse(written)).as(property.name()).contains(value);
        }
    }
}
