package org.llavacluster.training;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.StreamSupport;
import org.llavacluster.modelio.config.ModelFolder;

/** What a PyTorch reference trainer and the published Python scripts compute. */
public final class Goldens {

    private static final ObjectMapper JSON = new ObjectMapper();

    private Goldens() {}

    public static JsonNode json(String name) {
        try (InputStream in = Goldens.class.getResourceAsStream("/" + name)) {
            return JSON.readTree(Objects.requireNonNull(in, name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static List<JsonNode> items(JsonNode list) {
        return StreamSupport.stream(list.spliterator(), false).toList();
    }

    public static int[] ints(JsonNode list) {
        return items(list).stream().mapToInt(JsonNode::intValue).toArray();
    }

    public static Path path(String name) {
        try {
            return Path.of(Objects.requireNonNull(Goldens.class.getResource("/" + name), name)
                    .toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(name, e);
        }
    }

    /** A model folder of the project's fixtures. */
    public static ModelFolder model(String name) {
        return ModelFolder.open(Path.of(System.getProperty("llava.fixtures")).resolve(name), Optional.empty());
    }
}
