package org.llavacluster.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VisibleTextTest {

    @Test
    void shouldWriteOutWhatATerminalWouldObey() {
        assertThat(VisibleText.of("a\u001b[31mred\u001b]0;title\u0007")).isEqualTo("a^[[31mred^[]0;title^G");
        assertThat(VisibleText.of("\u0000\r\b\u007f")).isEqualTo("^@^M^H^?");
        assertThat(VisibleText.of("\u009b2J\u0085")).isEqualTo("<U+009B>2J<U+0085>");
        assertThat(VisibleText.of("\u202ecod\u202c \u2066x\u2069")).isEqualTo("<U+202E>cod<U+202C> <U+2066>x<U+2069>");
        assertThat(VisibleText.of("\u2028\u2029")).isEqualTo("<U+2028><U+2029>");
        assertThat(VisibleText.of("\udb40\udc41 \ud800")).isEqualTo("<U+E0041> <U+D800>");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "two\nlines\tand a tab", "日本語 ñ é", "👩‍👩‍👧 🇩🇪", "עברית العربية", "<U+009B> ^["})
    void shouldLeaveTextAlone(String text) {
        assertThat(VisibleText.of(text)).isEqualTo(text);
    }

    @Test
    void shouldChangeNothingInAFile() {
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        new AnswerOutput(new PrintStream(file, false, StandardCharsets.UTF_8), false).print("\u001b[0m\u202e");
        assertThat(file.toString(StandardCharsets.UTF_8)).isEqualTo("\u001b[0m\u202e");
        ByteArrayOutputStream screen = new ByteArrayOutputStream();
        new AnswerOutput(new PrintStream(screen, false, StandardCharsets.UTF_8), true).print("\u001b[0m");
        assertThat(screen.toString(StandardCharsets.UTF_8)).isEqualTo("^[[0m");
    }
}
