package org.llavacluster.cli.chat;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.llavacluster.cli.terminal.Progress;
import org.llavacluster.node.time.Clock;

class HistoryFileTest {

    @TempDir
    private Path folder;

    private final ByteArrayOutputStream said = new ByteArrayOutputStream();
    private final Progress progress = new Progress(new PrintStream(said, true, StandardCharsets.UTF_8), Clock.SYSTEM);

    @Test
    void shouldBeWhereStateIsKept() {
        assertThat(HistoryFile.location(Map.of("HOME", "/home/ada")))
                .contains(Path.of("/home/ada/.local/state/llava/chat-history"));
        assertThat(HistoryFile.location(Map.of("HOME", "/home/ada", "XDG_STATE_HOME", "/var/ada")))
                .contains(Path.of("/var/ada/llava/chat-history"));
        assertThat(HistoryFile.location(Map.of("HOME", "/home/ada", "XDG_STATE_HOME", "relative")))
                .contains(Path.of("/home/ada/.local/state/llava/chat-history"));
        assertThat(HistoryFile.location(Map.of())).isEmpty();
        assertThat(HistoryFile.location(Map.of("HOME", ""))).isEmpty();
    }

    @Test
    void shouldBelongToTheUserAlone() throws IOException {
        Path file = folder.resolve("a/b/chat-history");
        assertThat(HistoryFile.prepare(file, progress)).contains(file);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file.getParent())))
                .isEqualTo("rwx------");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        assertThat(HistoryFile.prepare(file, progress)).contains(file);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(said.size()).isZero();
    }

    @Test
    void shouldGoWithoutOneWhereItCannotBe() throws IOException {
        Path blocked = Files.writeString(folder.resolve("file"), "");
        assertThat(HistoryFile.prepare(blocked.resolve("chat-history"), progress))
                .isEmpty();
        assertThat(HistoryFile.prepare(folder, progress)).isEmpty();
        assertThat(said.toString(StandardCharsets.UTF_8).lines())
                .hasSize(2)
                .allMatch(line -> line.startsWith("No history is kept: "));
    }
}
