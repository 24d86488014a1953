package org.llavacluster.modelio.config;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.llavacluster.modelio.Fixtures;

/** A changeable model folder without weights, made of a fixture's JSON files. */
public final class TestFolder {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<String> FILES = List.of(
            "config.json",
            "preprocessor_config.json",
            "processor_config.json",
            "generation_config.json",
            "tokenizer_config.json",
            "special_tokens_map.json",
            "tokenizer.json",
            "chat_template.json");

    private final Path path;

    private TestFolder(Path path) {
        this.path = path;
    }

    public static TestFolder like(String fixture, Path path) throws IOException {
        Files.createDirectories(path);
        for (String file : FILES) {
            Files.copy(Fixtures.path(fixture).resolve(file), path.resolve(file));
        }
        return new TestFolder(path);
    }

    public static TestFolder empty(Path path) throws IOException {
        Files.createDirectories(path);
        return new TestFolder(path);
    }

    /** Sets the field at the path {@code a.b.c} to a JSON value; {@code null} removes it. */
    public TestFolder set(String file, String field, String value) throws IOException {
        Path at = path.resolve(file);
        ObjectNode root = Files.exists(at) ? (ObjectNode) JSON.readTree(at.toFile()) : JSON.createObjectNode();
        ObjectNode object = root;
        String[] names = field.split("\\.");
        for (int i = 0; i + 1 < names.length; i++) {
            object = object.withObjectProperty(names[i]);
        }
        if (value == null) {
            object.remove(names[names.length - 1]);
        } else {
            object.set(names[names.length - 1], JSON.readTree(value));
        }
        return write(file, JSON.writeValueAsString(root));
    }

    public TestFolder write(String file, String content) throws IOException {
        Files.writeString(path.resolve(file), content);
        return this;
    }

    public TestFolder delete(String file) throws IOException {
        Files.delete(path.resolve(file));
        return this;
    }

    public Path path() {
        return path;
    }

    public ModelFolder open() {
        return ModelFolder.open(path, Optional.empty());
    }
}
