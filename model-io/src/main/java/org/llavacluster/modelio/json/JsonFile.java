package org.llavacluster.modelio.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.llavacluster.modelio.config.ModelFormatException;

/** Reads one whole file of a model folder. Size, nesting and repeated keys are checked first. */
public final class JsonFile {

    /** More than a hundred times the configuration of any published model. */
    public static final int CONFIG_BYTES = 4 << 20;

    /** A vocabulary of 260,000 pieces with its merges takes 35 MB. */
    public static final int VOCABULARY_BYTES = 256 << 20;

    private static final int NESTING = 64;

    private static final ObjectMapper MAPPER = new ObjectMapper(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(NESTING)
                            .maxNumberLength(100)
                            .maxStringLength(CONFIG_BYTES)
                            .build())
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private JsonFile() {}

    /** The object in {@code folder/name}. */
    public static Fields read(Path folder, String name, int maxBytes) {
        return readIfPresent(folder, name, maxBytes)
                .orElseThrow(() -> new ModelFormatException(name + ": missing in " + folder));
    }

    /** The object in {@code folder/name}; empty if there is no such file. */
    public static Optional<Fields> readIfPresent(Path folder, String name, int maxBytes) {
        return bytesIfPresent(folder, name, maxBytes).map(bytes -> new Fields(name, "", parse(name, bytes)));
    }

    /** The bytes of {@code folder/name}; empty if there is no such file. */
    public static Optional<byte[]> bytesIfPresent(Path folder, String name, int maxBytes) {
        Path file = folder.resolve(name);
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        if (!Files.isRegularFile(file)) {
            throw new ModelFormatException(name + ": not a file");
        }
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(maxBytes);
            if (in.read() >= 0) {
                throw new ModelFormatException(name + ": more than " + maxBytes + " bytes");
            }
            return Optional.of(bytes);
        } catch (IOException e) {
            throw new ModelFormatException(name + ": cannot be read", e);
        }
    }

    private static ObjectNode parse(String name, byte[] bytes) {
        JsonNode node;
        try {
            node = MAPPER.readTree(bytes);
        } catch (JsonProcessingException e) {
            JsonLocation at = e.getLocation();
            String where = at == null ? "" : " at line " + at.getLineNr() + ", column " + at.getColumnNr();
            throw new ModelFormatException(
                    name + ": not valid JSON" + where + ": " + Fields.oneLine(e.getOriginalMessage()), e);
        } catch (IOException e) {
            throw new ModelFormatException(name + ": not valid JSON", e);
        }
        if (!(node instanceof ObjectNode object)) {
            throw new ModelFormatException(name + ": must hold a JSON object");
        }
        return object;
    }
}
