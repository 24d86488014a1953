package org.llavacluster.cli.archive;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClassArchiveTest {

    @TempDir
    private Path folder;

    @Test
    void shouldStartFromTheArchiveOfThatProgramWithoutAWordOnStdout() throws IOException {
        Files.createFile(folder.resolve("gateway.jsa"));

        assertThat(ClassArchive.in(folder, "gateway").startOptions())
                .containsExactly(
                        "-XX:SharedArchiveFile=" + folder.resolve("gateway.jsa"),
                        "-Xlog:disable",
                        "-Xlog:all=warning,cds*=off,aot*=off:stderr");
    }

    @Test
    void shouldStartAsEverWhereThereIsNoArchive() {
        assertThat(ClassArchive.in(folder, "gateway").startOptions()).isEmpty();
    }

    @Test
    void shouldMakeAnArchiveOfTheClassesInAList() {
        Path list = folder.resolve("gateway.classlist");

        assertThat(ClassArchive.recordOptions(list)).containsExactly("-XX:DumpLoadedClassList=" + list);
        assertThat(new ClassArchive(folder.resolve("next")).makeOptions(list))
                .containsExactly(
                        "-Xshare:dump",
                        "-XX:SharedClassListFile=" + list,
                        "-XX:SharedArchiveFile=" + folder.resolve("next"));
    }

    @Test
    void shouldPutTheJarBehindAllOptions() {
        JavaProgram program = new JavaProgram("gateway", List.of("-Xmx1g"), Path.of("quarkus-run.jar"));

        List<String> command = program.command(List.of("-Dllava.node.id=gateway-0"));

        assertThat(command.getFirst()).endsWith("java");
        assertThat(command.subList(1, command.size()))
                .containsExactly("-Xmx1g", "-Dllava.node.id=gateway-0", "-jar", "quarkus-run.jar");
    }
}
