package org.llavacluster.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.llavacluster.cli.Main;

/** What is refused before anything is asked. */
class EvalCommandTest {

    @TempDir
    private Path folder;

    private Path scenes;

    @BeforeEach
    void makeScenes() {
        scenes = folder.resolve("scenes");
        assertEquals("", failure(0, "data", "scenes", "--out", scenes.toString(), "--count", "4", "--side", "96"));
    }

    @Test
    void imagesThatAreMissingAreNamed() throws IOException {
        Files.delete(scenes.resolve("images/000000000003.jpg"));
        assertTrue(evaluation("instances.json").contains("000000000003.jpg: its image is not in the folder of images"));
        assertTrue(Files.notExists(folder.resolve("out")));
    }

    @Test
    void annotationsThatAreNoneAreNamed() throws IOException {
        Files.writeString(scenes.resolve("broken.json"), "{\"images\":[");
        assertTrue(evaluation("broken.json").contains("broken.json: cannot be read as JSON"));
        assertTrue(evaluation("absent.json").contains("absent.json"));
    }

    @Test
    void numbersOutOfRangeAreRefused() {
        assertTrue(evaluation("instances.json", "--together", "0").contains("--together"));
        assertTrue(evaluation("instances.json", "--most-images", "0").contains("--most-images"));
    }

    private String evaluation(String annotations, String... more) {
        String[] arguments = new String[8 + more.length];
        System.arraycopy(
                new String[] {
                    "eval",
                    "scenes",
                    "--annotations",
                    scenes.resolve(annotations).toString(),
                    "--images",
                    scenes.resolve("images").toString(),
                    "--out",
                    folder.resolve("out").toString()
                },
                0,
                arguments,
                0,
                8);
        System.arraycopy(more, 0, arguments, 8, more.length);
        return failure(1, arguments);
    }

    /** Lines on stderr that begin with the command's name. */
    private static String failure(int status, String... arguments) {
        PrintStream before = System.err;
        ByteArrayOutputStream caught = new ByteArrayOutputStream();
        System.setErr(new PrintStream(caught, true, StandardCharsets.UTF_8));
        try {
            assertEquals(status, Main.commandLine().execute(arguments));
        } finally {
            System.setErr(before);
        }
        return caught.toString(StandardCharsets.UTF_8)
                .lines()
                .filter(line -> line.startsWith("llava:"))
                .reduce("", String::concat);
    }
}
