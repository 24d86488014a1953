package org.llavacluster.cli.chat;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jline.terminal.impl.LineDisciplineTerminal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Keys as a terminal sends them, through the editor, to entries. */
class LineEditorTest {

    private static final String PASTE_BEGIN = "\u001b[200~";
    private static final String PASTE_END = "\u001b[201~";

    @TempDir
    private Path folder;

    /** The entries for these keys, followed by Ctrl-D. */
    private List<String> typed(Optional<Path> history, String keys) throws IOException {
        LineDisciplineTerminal terminal =
                new LineDisciplineTerminal("keys", "xterm", new ByteArrayOutputStream(), StandardCharsets.UTF_8);
        terminal.enterRawMode();
        terminal.processInputBytes((keys + "\u0004").getBytes(StandardCharsets.UTF_8));
        List<String> entries = new ArrayList<>();
        try (LineEditor editor = LineEditor.on(terminal, history, new PathCompleter(Optional.of(folder)))) {
            for (Optional<String> entry = editor.next("> "); entry.isPresent(); entry = editor.next("> ")) {
                entries.add(entry.get());
            }
        }
        return entries;
    }

    @Test
    void shouldEditALine() throws IOException {
        // Left twice, a letter, Home, a letter, Enter; backspace over a letter of two bytes.
        assertThat(typed(Optional.empty(), "bd\u001bOD\u001bODx\u0001y\rné\u007fo\r"))
                .containsExactly("yxbd", "no");
    }

    @Test
    void shouldKeepAPasteTogether() throws IOException {
        assertThat(typed(Optional.empty(), PASTE_BEGIN + "one \"two\rthree'\r  four\\\r" + PASTE_END + "!\rnext\r"))
                .containsExactly("one \"two\nthree'\n  four\\\n!", "next");
    }

    @Test
    void shouldStartANewLineWithAltEnter() throws IOException {
        assertThat(typed(Optional.empty(), "one\u001b\rtwo\r")).containsExactly("one\ntwo");
    }

    @Test
    void shouldTakeWhatAShellWouldExpandAsItIs() throws IOException {
        assertThat(typed(Optional.empty(), "hello\r!! !1 $HOME `x` 'open\r"))
                .containsExactly("hello", "!! !1 $HOME `x` 'open");
    }

    @Test
    void shouldEndWithCtrlD() throws IOException {
        assertThat(typed(Optional.empty(), "one\r\u0004two\r")).containsExactly("one");
    }

    @Test
    void shouldDiscardATypedLineWithCtrlCAndEndWithItAtAnEmptyPrompt() throws IOException {
        LineDisciplineTerminal terminal =
                new LineDisciplineTerminal("keys", "xterm", new ByteArrayOutputStream(), StandardCharsets.UTF_8);
        terminal.enterRawMode();
        try (LineEditor editor = LineEditor.on(terminal, Optional.empty(), new PathCompleter(Optional.of(folder)))) {
            terminal.processInputBytes("gone\u0003kept\r\u0003late\r".getBytes(StandardCharsets.UTF_8));
            assertThat(editor.next("> ")).contains("kept");
            assertThat(editor.next("> ")).isEmpty();
        }
    }

    @Test
    void shouldKeepTheHistoryBetweenRunsForTheUserAlone() throws IOException {
        Path history = Files.createFile(
                folder.resolve("history"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        typed(Optional.of(history), "first line\r secret\r" + PASTE_BEGIN + "a\rb" + PASTE_END + "\r");
        // Up moves through the two lines of the paste before it reaches the line before it.
        assertThat(typed(Optional.of(history), "\u001bOA\r\u001bOA\u001bOA\u001bOA\r"))
                .containsExactly("a\nb", "first line");
        assertThat(Files.readString(history)).doesNotContain("secret");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(history)))
                .isEqualTo("rw-------");
    }

    @Test
    void shouldCompleteCommandsAndFiles() throws IOException {
        Files.createDirectories(folder.resolve("my pics"));
        Files.writeString(folder.resolve("my pics/a cat.png"), "x");
        assertThat(typed(Optional.empty(), "/im\t~/my\ta\t\r")).containsExactly("/image ~/my\\ pics/a\\ cat.png ");
        assertThat(typed(Optional.empty(), "/image '" + folder + "/my\ta\t\r"))
                .containsExactly("/image '" + folder + "/my pics/a cat.png' ");
    }
}
