package org.llavacluster.cli.completion;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.llavacluster.cli.Main;

/** The scripts, run by the shells themselves: bash always, because the launcher needs it, the others if installed. */
class CompletionCommandTest {

    @TempDir
    private static Path folder;

    private record Case(String typed, List<String> expected) {}

    private static final List<Case> CASES = List.of(
            new Case("", List.of("ask", "chat", "up", "inspect", "bench", "completion")),
            new Case("bench ", List.of("tensor", "engine", "streams")),
            new Case("up --ho", List.of("--host")),
            new Case("up --allow", List.of("--allow-image-host")),
            new Case("ask --ima", List.of("--image")),
            new Case("simulate --see", List.of("--seeds")),
            new Case("bench engine --sha", List.of("--shape")));

    @TestFactory
    Stream<DynamicTest> shouldCompleteInEachShell() {
        return Stream.of("bash", "zsh", "fish")
                .filter(CompletionCommandTest::isInstalled)
                .flatMap(shell -> CASES.stream()
                        .map(one -> DynamicTest.dynamicTest(
                                shell + ": llava " + one.typed(),
                                () -> assertThat(completed(shell, one.typed())).containsAll(one.expected()))));
    }

    private static boolean isInstalled(String shell) {
        return Stream.of(System.getenv("PATH").split(":")).anyMatch(path -> Files.isExecutable(Path.of(path, shell)));
    }

    private static List<String> completed(String shell, String typed) throws IOException, InterruptedException {
        Path script = Files.writeString(folder.resolve("completion." + shell), script(shell));
        String words = "llava " + typed;
        String command =
                switch (shell) {
                    case "fish" -> "source " + script + "; complete -C '" + words + "'";
                    case "zsh" ->
                        "autoload -Uz compinit; compinit -u -d " + folder.resolve("zdump") + "; source " + script + "; "
                                + bashWords(words);
                    default -> "source " + script + "; " + bashWords(words);
                };
        List<String> start = shell.equals("zsh")
                ? List.of("zsh", "-f", "-c", command)
                : shell.equals("fish") ? List.of("fish", "--no-config", "-c", command) : List.of(shell, "-c", command);
        ProcessBuilder builder = new ProcessBuilder(start).redirectErrorStream(true);
        builder.environment().put("HOME", folder.toString());
        Process process = builder.start();
        process.getOutputStream().close();
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return printed.lines().map(line -> line.split("\t")[0].strip()).toList();
    }

    /** Calls the function that the shell would call for these words, with the cursor at their end. */
    private static String bashWords(String words) {
        int last = words.split(" ", -1).length - 1;
        String quoted =
                Stream.of(words.split(" ", -1)).map(word -> "'" + word + "'").reduce("", (a, b) -> a + " " + b);
        return "[ -n \"$ZSH_VERSION\" ] && setopt ksharrays shwordsplit; COMP_WORDS=(" + quoted + "); COMP_CWORD="
                + last + "; _complete_llava; printf '%s\\n' \"${COMPREPLY[@]}\"";
    }

    private static String script(String shell) {
        PrintStream before = System.out;
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
        try {
            assertThat(Main.commandLine().execute("completion", shell)).isZero();
        } finally {
            System.setOut(before);
        }
        return printed.toString(StandardCharsets.UTF_8);
    }
}
