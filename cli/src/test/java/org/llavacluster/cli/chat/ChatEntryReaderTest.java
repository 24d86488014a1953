package org.llavacluster.cli.chat;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChatEntryReaderTest {

    @TempDir
    private Path home;

    private Path plain;
    private Path spaced;
    private Path text;
    private ChatEntryReader reader;

    @BeforeEach
    void makeFiles() throws IOException {
        plain = Files.writeString(home.resolve("cat.png"), "x");
        spaced = Files.writeString(home.resolve("my \"big\" cat's é.png"), "x");
        text = Files.writeString(home.resolve("notes.txt"), "x");
        reader = new ChatEntryReader(
                Optional.of(home),
                path -> Files.isRegularFile(path) && path.toString().endsWith(".png"));
    }

    private String backslashed() {
        return spaced.toString().replaceAll("([ \"'])", "\\\\$1");
    }

    @Test
    void shouldReadFilesBehindImageAsAShellWould() {
        ChatEntry.Attach expected = new ChatEntry.Attach(List.of(spaced));
        assertThat(reader.read("/image " + spaced)).isEqualTo(expected);
        assertThat(reader.read("/image   " + backslashed() + "  ")).isEqualTo(expected);
        assertThat(reader.read("/image \"" + spaced.toString().replace("\"", "\\\"") + "\""))
                .isEqualTo(expected);
        assertThat(reader.read("/image '" + spaced.toString().replace("'", "'\\''") + "'"))
                .isEqualTo(expected);
        assertThat(reader.read("/image ~/cat.png")).isEqualTo(new ChatEntry.Attach(List.of(plain)));
        assertThat(reader.read("/image " + spaced.toUri())).isEqualTo(expected);
        assertThat(reader.read("/image ~/cat.png '" + plain + "'"))
                .isEqualTo(new ChatEntry.Attach(List.of(plain, plain)));
        assertThat(reader.read("/image no-such.png")).isEqualTo(new ChatEntry.Attach(List.of(Path.of("no-such.png"))));
    }

    @Test
    void shouldTakeADroppedFile() {
        ChatEntry.Attach expected = new ChatEntry.Attach(List.of(spaced));
        assertThat(reader.read(spaced.toString())).isEqualTo(expected);
        assertThat(reader.read(backslashed() + " ")).isEqualTo(expected);
        assertThat(reader.read("'" + spaced.toString().replace("'", "'\\''") + "' "))
                .isEqualTo(expected);
        assertThat(reader.read(spaced.toUri().toString())).isEqualTo(expected);
        assertThat(reader.read(backslashed() + " " + plain)).isEqualTo(new ChatEntry.Attach(List.of(spaced, plain)));
        assertThat(reader.read(text.toString())).isEqualTo(new ChatEntry.Attach(List.of(text)));
    }

    @Test
    void shouldTakeFilesThatAreDroppedIntoAMessage() {
        assertThat(reader.read("what is " + backslashed() + " beside " + plain + " ?"))
                .isEqualTo(new ChatEntry.Say("what is beside ?", List.of(spaced, plain)));
        assertThat(reader.read(plain + " what is this?")).isEqualTo(new ChatEntry.Say("what is this?", List.of(plain)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "what is in /etc/hostname?",
                "/etc/hostname and /no/such.png",
                "it's 5 o'clock",
                "a/b.png 'quoted' \"text\" \\ ~ ~/",
                "file://",
                "file://elsewhere/cat.png",
                "first line\n/quit",
                "/* a comment */",
                "!! !1 $HOME",
                "/"
            })
    void shouldLeaveOtherMessagesAlone(String message) {
        assertThat(reader.read(message)).isEqualTo(new ChatEntry.Say(message, List.of()));
    }

    @Test
    void shouldKnowItsCommandsAndSayWhatThereIs() {
        assertThat(reader.read(" /help ")).isEqualTo(new ChatEntry.Help());
        assertThat(reader.read("/reset")).isEqualTo(new ChatEntry.Reset());
        assertThat(reader.read("/quit")).isEqualTo(new ChatEntry.Quit());
        assertThat(reader.read("/exit")).isEqualTo(new ChatEntry.Quit());
        assertThat(reader.read("  ")).isEqualTo(new ChatEntry.Nothing());
        assertThat(reader.read("/imgae x.png"))
                .isEqualTo(new ChatEntry.Refused(
                        "there is no command /imgae; there are /image FILE, /reset, /help and /quit"));
        assertThat(reader.read("/image")).isInstanceOf(ChatEntry.Refused.class);
    }
}
