package org.llavacluster.helm;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ChartReadmeTest {

    private static final Path README = RenderedChart.FOLDER.resolve("README.md");
    private static final String START =
            "<!-- Generated: ./mvnw -pl helm -Dtest=ChartReadmeTest -Ddocs.write=true test -->\n";

    /** {@code -Ddocs.write=true} writes the table instead. */
    @Test
    void shouldListAllValues() throws IOException {
        String readme = Files.readString(README);
        String text = readme.substring(0, readme.indexOf(START)) + START + "\n"
                + ValuesTable.of(RenderedChart.FOLDER).markdown();
        if (Boolean.getBoolean("docs.write")) {
            Files.writeString(README, text);
        }
        assertThat(text).isEqualTo(Files.readString(README));
    }

    @Test
    void shouldHaveADefaultForEachKeyOfTheSchema() throws IOException {
        ValuesTable values = ValuesTable.of(RenderedChart.FOLDER);
        assertThat(values.paths()).containsExactlyInAnyOrderElementsOf(values.schemaPaths());
    }
}
