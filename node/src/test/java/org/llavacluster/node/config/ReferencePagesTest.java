package org.llavacluster.node.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
