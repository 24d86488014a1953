package org.llavacluster.model.checkpoint;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * The weights of a model folder that is written, as safetensors files.
 *
 * @param shards by the names of their files, in the order in which they are written
 */
public record ShardedFolder(Map<String, SafetensorsShard> shards) {

    private static final String INDEX = WeightFiles.INDEX;
    private static final ObjectMapper JSON = new ObjectMapper();

    public ShardedFolder {
        shards = Collections.unmodifiableMap(new LinkedHashMap<>(shards));
    }

    /** What has been written so far. */
    public record Written(String file, long bytes, long ofBytes) {}

    /** A folder of these tensors by the names of their files. */
    public static ShardedFolder of(Map<String, List<WrittenTensor>> files) {
        Map<String, SafetensorsShard> shards = new LinkedHashMap<>();
        files.forEach((name, tensors) -> shards.put(name, new SafetensorsShard(tensors)));
        return new ShardedFolder(shards);
    }

    /**
     * Writes the files, without an index.
     *
     * @param folder exists and has none of them
     * @param progress called after each file
     * @throws FileSystemException naming the folder if the disk is too small
     */
    public void writeInto(Path folder, Consumer<Written> progress) throws IOException {
        long all = bytes();
        NewFolder.requireSpace(folder, all, Files.getFileStore(folder).getUsableSpace());
        long written = 0;
        for (Map.Entry<String, SafetensorsShard> shard : shards.entrySet()) {
            shard.getValue().write(folder.resolve(shard.getKey()));
            written += shard.getValue().bytes();
            progress.accept(new Written(shard.getKey(), written, all));
        }
    }

    /** Writes the file that says which file each tensor is in. */
    public void writeIndex(Path folder) throws IOException {
        Map<String, String> places = new TreeMap<>();
        shards.forEach((file, shard) -> shard.tensors().forEach(tensor -> places.put(tensor.name(), file)));
        Files.write(
                folder.resolve(INDEX),
                JSON.writeValueAsBytes(Map.of("metadata", Map.of("total_size", bytes()), "weight_map", places)));
    }

    /**
     * Writes the files, an index if the source has one, and copies what else the source has: configuration, tokenizer
     * and so on, but no weights.
     *
     * @param source the model folder whose weights these replace
     */
    public void writeInPlaceOf(Path source, Path folder, Consumer<Written> progress) throws IOException {
        writeInto(folder, progress);
        if (Files.exists(source.resolve(INDEX))) {
            writeIndex(folder);
        }
        try (Stream<Path> files = Files.list(source)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                String name = file.getFileName().toString();
                if (!isWeights(name)) {
                    Files.copy(file, folder.resolve(name));
                }
            }
        }
    }

    /** Whether it holds weights, perhaps the same ones in a format that is never loaded. */
    private static boolean isWeights(String name) {
        return name.equals(INDEX)
                || Stream.of(".safetensors", ".bin", ".bin.index.json", ".pt", ".pth")
                        .anyMatch(name::endsWith);
    }

    private long bytes() {
        return shards.values().stream().mapToLong(SafetensorsShard::bytes).sum();
    }
}
