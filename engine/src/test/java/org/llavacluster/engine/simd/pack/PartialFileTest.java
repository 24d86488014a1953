package org.llavacluster.engine.simd.pack;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PartialFileTest {

    @TempDir
    private Path folder;

    @Test
    void shouldDeleteWhatNobodyWritesAndNothingElse() throws IOException {
        Files.writeString(folder.resolve("packing1.tmp"), "left");
        Files.createFile(folder.resolve("packing2.tmp"));
        Files.writeString(folder.resolve("fingerprint1.tmp"), "another's");
        Files.writeString(folder.resolve("b.packed"), "whole");
        try (PartialFile file = PartialFile.in(folder)) {
            assertThat(names()).hasSize(3).contains("b.packed", "fingerprint1.tmp");
            file.channel().write(ByteBuffer.wrap(new byte[] {1, 2}));
            file.moveTo(folder.resolve("a.packed"));
        }
        assertThat(names()).containsExactly("a.packed", "b.packed", "fingerprint1.tmp");
        assertThat(folder.resolve("a.packed")).hasBinaryContent(new byte[] {1, 2});
    }

    @Test
    void shouldDeleteItselfWithoutAName() throws IOException {
        PartialFile.in(folder.resolve("new")).close();
        assertThat(folder.resolve("new")).isEmptyDirectory();
    }

    @Test
    void shouldLeaveWhatThisProcessWritesToThisAndOtherProcesses() throws Exception {
        try (PartialFile first = PartialFile.in(folder);
                PartialFile second = PartialFile.in(folder)) {
            assertThat(names()).hasSize(2);
            first.moveTo(folder.resolve("first"));
            Process other = PackingProgram.start(folder, 1, 1);
            try (BufferedReader said = other.inputReader()) {
                assertThat(said.readLine()).isEqualTo("begun");
                assertThat(said.readLine()).isEqualTo("done");
            } finally {
                end(other);
            }
            second.moveTo(folder.resolve("second"));
        }
        assertThat(names()).containsExactly("a.packed", "first", "second");
    }

    @Test
    void shouldLeaveWhatAnotherProcessWritesUntilThatIsKilled() throws Exception {
        Process other = PackingProgram.start(folder, 1, 0);
        try (BufferedReader said = other.inputReader()) {
            assertThat(said.readLine()).isEqualTo("begun");
            List<String> before = names();
            assertThat(before).singleElement().asString().matches("packing\\d+\\.tmp");
            PartialFile.in(folder).close();
            assertThat(names()).isEqualTo(before);
        } finally {
            end(other);
        }
        PartialFile.in(folder).close();
        assertThat(names()).isEmpty();
    }

    private static void end(Process process) throws InterruptedException {
        process.destroyForcibly();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }
}
