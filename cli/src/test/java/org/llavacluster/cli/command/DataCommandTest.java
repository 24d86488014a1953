package org.llavacluster.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.llavacluster.cli.Main;

class DataCommandTest {

    @TempDir
    private Path folder;

    @Test
    void scenesBecomeConversations() throws IOException {
        Path scenes = folder.resolve("scenes");
        Path out = folder.resolve("captions.json");
        assertEquals(0, run("data", "scenes", "--out", scenes.toString(), "--count", "3", "--side", "96"));
        assertEquals(
                0,
                run(
                        "data",
                        "instruct",
                        "--rules",
                        "--annotations",
                        scenes.resolve("instances.json").toString(),
                        "--annotations",
                        scenes.resolve("captions.json").toString(),
                        "--kinds",
                        "caption,detail",
                        "--out",
                        out.toString()));
        List<String> lines = Files.readAllLines(out);
        assertEquals(
                6, lines.stream().filter(line -> line.contains("\"image\":\"")).count(), lines::toString);
    }

    @Test
    void foldersAndCountsThatDoNotFitAreRefused() throws IOException {
        Files.writeString(folder.resolve("mine.txt"), "kept");
        assertEquals(1, run("data", "scenes", "--out", folder.toString(), "--count", "3"));
        assertEquals(1, run("data", "scenes", "--out", folder.resolve("new").toString(), "--count", "0"));
        assertEquals("kept", Files.readString(folder.resolve("mine.txt")));
        assertTrue(Files.notExists(folder.resolve("new")));
    }

    private static int run(String... arguments) {
        return Main.commandLine().execute(arguments);
    }
}
