package org.llavacluster.systemtest.harness;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** A copy of a fixture that a test may damage. */
public record ModelCopy(Path folder) {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int LENGTH_BYTES = 8;

    public static ModelCopy of(String fixture, Path destination) throws IOException {
        Files.createDirectories(destination);
        try (Stream<Path> files = Files.list(Launcher.fixture(fixture))) {
            for (Path file : files.toList()) {
                if (!file.getFileName().toString().startsWith("goldens")) {
                    Files.copy(file, destination.resolve(file.getFileName()));
                }
            }
        }
        return new ModelCopy(destination);
    }

    public Path weights() {
        return folder.resolve("model.safetensors");
    }

    public void editJson(String file, Consumer<ObjectNode> edit) throws IOException {
        Path path = folder.resolve(file);
        ObjectNode json = (ObjectNode) JSON.readTree(path.toFile());
        edit.accept(json);
        JSON.writeValue(path.toFile(), json);
    }

    /** Changes the header of the weights file, but not the data. */
    public void editHeader(Consumer<ObjectNode> edit) throws IOException {
        byte[] file = Files.readAllBytes(weights());
        int length = Math.toIntExact(
                ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).getLong(0));
        ObjectNode header = (ObjectNode) JSON.readTree(file, LENGTH_BYTES, length);
        edit.accept(header);
        byte[] edited = JSON.writeValueAsString(header).getBytes(StandardCharsets.UTF_8);
        ByteBuffer out = ByteBuffer.allocate(LENGTH_BYTES + edited.length + file.length - LENGTH_BYTES - length)
                .order(ByteOrder.LITTLE_ENDIAN);
        out.putLong(edited.length).put(edited).put(file, LENGTH_BYTES + length, file.length - LENGTH_BYTES - length);
        Files.write(weights(), out.array());
    }

    /**
     * Gives the decoder's MLPs that width. All weights become zeros, which take no space on a file system with sparse
     * files. For tests of what happens before weights are read.
     */
    public void widenMlp(long width) throws IOException {
        editJson("config.json", json -> ((ObjectNode) json.get("text_config")).put("intermediate_size", width));
        editHeader(header -> {
            long end = 0;
            for (String name : (Iterable<String>) header::fieldNames) {
                if (header.get(name) instanceof ObjectNode tensor && tensor.has("shape")) {
                    ArrayNode shape = (ArrayNode) tensor.get("shape");
                    if (name.contains("language_model") && name.contains(".mlp.")) {
                        shape.set(name.contains("down_proj") ? 1 : 0, LongNode.valueOf(width));
                    }
                    long bytes = Float.BYTES;
                    for (JsonNode size : shape) {
                        bytes *= size.asLong();
                    }
                    tensor.putArray("data_offsets").add(end).add(end += bytes);
                }
            }
            header.putObject("__metadata__").put("end", Long.toString(end));
        });
        try (RandomAccessFile file = new RandomAccessFile(weights().toFile(), "rw")) {
            byte[] length = new byte[LENGTH_BYTES];
            file.readFully(length);
            int header = Math.toIntExact(
                    ByteBuffer.wrap(length).order(ByteOrder.LITTLE_ENDIAN).getLong(0));
            byte[] json = new byte[header];
            file.readFully(json);
            file.setLength(LENGTH_BYTES + header);
            file.setLength(LENGTH_BYTES
                    + header
                    + JSON.readTree(json).at("/__metadata__/end").asLong());
        }
    }

    public void truncateWeights(int bytes) throws IOException {
        Files.write(weights(), Arrays.copyOf(Files.readAllBytes(weights()), bytes));
    }

    public void writeHeaderLength(long length) throws IOException {
        byte[] file = Files.readAllBytes(weights());
        ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).putLong(0, length);
        Files.write(weights(), file);
    }
}
