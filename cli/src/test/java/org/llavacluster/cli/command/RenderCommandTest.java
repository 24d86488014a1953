package org.llavacluster.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.llavacluster.cli.Main;

/** What {@code llava render} prints: a template's text to the byte on stdout, or one line on stderr. */
class RenderCommandTest {

    private static final String MODEL = System.getProperty("llava.fixtures") + "/llava-1.5-tiny";

    @TempDir
    private Path folder;

    private record Printed(int status, String out, String err) {}

    @Test
    void shouldRenderOneQuestionWithTheTemplateOfAModel() throws IOException {
        Printed printed = render("", "--model=" + MODEL);

        assertThat(printed.err()).isEmpty();
        assertThat(printed.status()).isZero();
        assertThat(printed.out()).isEqualTo("USER: What is shown? ASSISTANT:");
    }

    @Test
    void shouldRenderAConversationOfAFileWithATemplateOfAFile() throws IOException {
        Path template = write(
                "t.jinja",
                "{{ bos_token }}{% for m in messages %}<{{ m.role }}>{{ m.content }}{% endfor %}\n"
                        + "{{ add_generation_prompt }}{{ tools }}{{ n }}");
        Path context = write("c.json", """
                {"messages": [{"role": "user", "content": "é 😀 </s>"}], "bos_token": "<s>", "n": 1.0}
                """);

        Printed printed = render("", "--template=" + template, "--context=" + context);

        assertThat(printed).isEqualTo(new Printed(0, "<s><user>é 😀 </s>FalseNone1.0", ""));
    }

    @Test
    void shouldTakeAListOfMessagesFromStandardInput() throws IOException {
        Path template = write("t.jinja", "{{ messages[0].content }}|{{ add_generation_prompt }}");

        Printed printed =
                render("[{\"role\": \"user\", \"content\": \"hi\"}]", "--template=" + template, "--context=-");

        assertThat(printed).isEqualTo(new Printed(0, "hi|True", ""));
    }

    @Test
    void shouldLeaveTheContextsOwnTokens() throws IOException {
        Path context = write("c.json", "{\"bos_token\": \"<mine>\"}");
        Path copy = Files.createDirectory(folder.resolve("model"));
        Files.copy(Path.of(MODEL, "tokenizer_config.json"), copy.resolve("tokenizer_config.json"));
        Files.writeString(copy.resolve("chat_template.jinja"), "{{ bos_token }}{{ eos_token }}");

        assertThat(render("", "--model=" + copy, "--context=" + context).out()).isEqualTo("<mine></s>");
        assertThat(render("", "--model=" + copy).out()).isEqualTo("<s></s>");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '#', quoteCharacter = '`', textBlock = """
                    {{ nope.x }}                      # undefined: line 1, column 8: 'nope' is undefined
                    a|{{ 1 / 0 }}                     # arithmetic: line 2, column 6: division by zero
                    {{ raise_exception('roles !') }}  # raised: line 1, column 19: roles !
                    {% for %}                         # syntax: line 1, column
                    {{ ''.__class__.x }}              # security: line 1, column
                    {{ 'x' * 99999999 }}              # limit: line 1, column
                    """)
    void shouldSayInOneLineWhatFailed(String template, String line) throws IOException {
        Printed printed = render("", "--template=" + write("t.jinja", template.replace("|", "\n")));

        assertThat(printed.status()).isEqualTo(1);
        assertThat(printed.out()).isEmpty();
        assertThat(printed.err().strip()).startsWith(line).doesNotContain("\n");
    }

    @Test
    void shouldSayInOneLineWhatCannotBeRead() throws IOException {
        Path good = write("t.jinja", "x");
        Path folderOnly = Files.createDirectory(folder.resolve("empty"));
        Path latin = folder.resolve("latin.jinja");
        Files.write(latin, new byte[] {'a', (byte) 0xe9, 'b'});
        List<List<String>> faults = List.of(
                List.of("--template=" + folder.resolve("no"), folder.resolve("no") + ": no such file"),
                List.of("--template=" + latin, latin + ": is not UTF-8"),
                List.of("--model=" + folderOnly, folderOnly + ": has no chat template"),
                List.of("--template=" + good + " --context=" + folder.resolve("no"), ": no such file"),
                List.of("--template=" + good + " --context=" + write("a", "{\"x\":"), "is no valid JSON at line 1"),
                List.of("--template=" + good + " --context=" + write("b", "{} {}"), "is no valid JSON at line 1"),
                List.of("--template=" + good + " --context=" + write("c", "3"), "must contain a JSON object or a list"),
                List.of("--template=" + good + " --context=" + write("d", ""), "must contain a JSON object or a list"));
        for (List<String> fault : faults) {
            Printed printed = render("", fault.getFirst().split(" "));

            assertThat(printed.status()).as(fault.getFirst()).isEqualTo(1);
            assertThat(printed.out()).isEmpty();
            assertThat(printed.err().strip())
                    .startsWith("render: ")
                    .contains(fault.getLast())
                    .doesNotContain("\n")
                    .doesNotContain("Exception");
        }
    }

    @Test
    void shouldNeedATemplateAndOneOnly() throws IOException {
        assertThat(render("").status()).isEqualTo(2);
        assertThat(render("", "--model=" + MODEL, "--template=x").status()).isEqualTo(2);
    }

    private Path write(String name, String content) throws IOException {
        return Files.writeString(folder.resolve(name), content);
    }

    private static Printed render(String input, String... arguments) throws IOException {
        List<String> all = new ArrayList<>(List.of("render"));
        all.addAll(List.of(arguments));
        PrintStream outBefore = System.out;
        PrintStream errBefore = System.err;
        InputStream inBefore = System.in;
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        try (PrintStream toOut = new PrintStream(out, true, StandardCharsets.UTF_8);
                PrintStream toErr = new PrintStream(err, true, StandardCharsets.UTF_8)) {
            System.setOut(toOut);
            System.setErr(toErr);
            System.setIn(new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)));
            int status = Main.commandLine().execute(all.toArray(String[]::new));
            return new Printed(status, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
        } finally {
            System.setOut(outBefore);
            System.setErr(errBefore);
            System.setIn(inBefore);
        }
    }
}
