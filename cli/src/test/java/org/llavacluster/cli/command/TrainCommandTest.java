package org.llavacluster.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.llavacluster.cli.Main;
import org.llavacluster.modelio.config.ModelFolder;

class TrainCommandTest {

    @TempDir
    private Path folder;

    private Path texts;

    @BeforeEach
    void writeTexts() throws IOException {
        texts = Files.writeString(folder.resolve("texts.json"), """
                [{"id": "1", "conversations": [
                  {"from": "human", "value": "What is the colour of the sky?"},
                  {"from": "gpt", "value": "The sky is blue, and the sea is blue."}]}]
                """);
    }

    @Test
    void aFreshModelHasTheShapeThatWasAskedFor() {
        Path out = folder.resolve("model");
        assertEquals(
                0,
                run(
                        "train",
                        "fresh",
                        "--texts",
                        texts.toString(),
                        "--out",
                        out.toString(),
                        "--vocabulary",
                        "400",
                        "--image",
                        "28",
                        "--vision-width",
                        "16",
                        "--vision-heads",
                        "2",
                        "--vision-layers",
                        "2",
                        "--width",
                        "16",
                        "--heads",
                        "2",
                        "--layers",
                        "2",
                        "--intermediate",
                        "32",
                        "--dtype",
                        "bf16"));
        ModelFolder model = ModelFolder.open(out, Optional.empty());
        assertEquals(28, model.config().vision().imageSize());
        assertEquals(16, model.config().decoder().hiddenSize());
        assertEquals(2, model.config().decoder().layers());
    }

    @Test
    void shapesThatDoNotFitAreRefusedByTheirOptions() {
        String error = errorOf(
                "train",
                "fresh",
                "--texts",
                texts.toString(),
                "--out",
                folder.resolve("none").toString(),
                "--width",
                "100",
                "--heads",
                "8");
        assertTrue(error.contains("--width must be a multiple of --heads: 100 and 8"), error);
        assertTrue(Files.notExists(folder.resolve("none")));
    }

    @Test
    void stagesThatSeeImagesAskForTheirFolder() {
        String error = errorOf(
                "train",
                "caption",
                "--model",
                folder.toString(),
                "--data",
                texts.toString(),
                "--out",
                folder.resolve("out").toString());
        assertTrue(error.contains("--images is missing"), error);
    }

    private static String errorOf(String... arguments) {
        PrintStream before = System.err;
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        System.setErr(new PrintStream(bytes, true, StandardCharsets.UTF_8));
        try {
            assertEquals(1, run(arguments));
        } finally {
            System.setErr(before);
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }

    private static int run(String... arguments) {
        return Main.commandLine().execute(arguments);
    }
}
