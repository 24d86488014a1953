package org.llavacluster.cli.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.llavacluster.cli.CliException;

class ArchiveMakerTest {

    /** Enough classes for an archive, and few enough to make it within a second. */
    private static final List<String> CLASSES = List.of("java/lang/Object", "java/util/ArrayList");

    @TempDir
    private Path folder;

    @Test
    void shouldReplaceAnArchiveByAWholeOneHoweverManyMakeIt() throws Exception {
        Path list = Files.write(folder.resolve("list"), CLASSES);
        Path archives = Files.createDirectory(folder.resolve("archives"));
        Path archive = Files.writeString(archives.resolve("some.jsa"), "of an older build");
        JavaProgram program = new JavaProgram("some", List.of("-XX:+UseSerialGC"), jar());

        CompletableFuture.allOf(
                        CompletableFuture.runAsync(() -> new ArchiveMaker(archives).make(program, list)),
                        CompletableFuture.runAsync(() -> new ArchiveMaker(archives).make(program, list)))
                .join();

        assertThat(Files.size(archive)).isGreaterThan(1 << 20);
        assertThat(names(archives)).containsExactly("some.jsa");
    }

    @Test
    void shouldKeepTheOldArchiveAndNothingElseWhereTheJvmMakesNone() throws IOException {
        Path archives = Files.createDirectory(folder.resolve("archives"));
        Path archive = Files.writeString(archives.resolve("some.jsa"), "of an older build");
        JavaProgram program = new JavaProgram("some", List.of("-XX:NoSuchOption"), jar());

        assertThatThrownBy(() -> new ArchiveMaker(archives).make(program, folder.resolve("list")))
                .isInstanceOf(CliException.class)
                .hasMessage("no archive of some: the JVM ended with status 1");
        assertThat(archive).hasContent("of an older build");
        assertThat(names(archives)).containsExactly("some.jsa");
    }

    @Test
    void shouldNameTheFolderThatCannotBeWritten() throws IOException {
        Path file = Files.createFile(folder.resolve("file"));
        JavaProgram program = new JavaProgram("some", List.of(), jar());

        assertThatThrownBy(() -> new ArchiveMaker(file).make(program, folder.resolve("list")))
                .isInstanceOf(CliException.class)
                .hasMessageContaining("cannot write an archive into " + file);
    }

    /** Any jar, because it is not run. */
    private static Path jar() {
        return Path.of(org.assertj.core.api.Assertions.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .getPath());
    }

    private static List<String> names(Path archives) throws IOException {
        try (Stream<Path> files = Files.list(archives)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }
}
