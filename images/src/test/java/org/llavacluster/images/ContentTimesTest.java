package org.llavacluster.images;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ContentTimesTest {

    @TempDir
    private Path folder;

    private FileTime timeOf(String content) throws IOException {
        Path file = Files.createDirectories(folder.resolve("lib")).resolve("node.jar");
        Files.writeString(file, content);
        ContentTimes.set(folder);
        return Files.getLastModifiedTime(file);
    }

    @Test
    void shouldDifferForOtherContentAndBeEqualForTheSame() throws IOException {
        FileTime first = timeOf("first");
        assertThat(timeOf("other")).isNotEqualTo(first);
        assertThat(timeOf("first")).isEqualTo(first);
    }
}
