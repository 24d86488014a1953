package org.llavacluster.model.bench.folder;

import java.io.IOException;
import java.nio.channels.WritableByteChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.llavacluster.model.bench.LlavaShape;
import org.llavacluster.text.config.ModelConfig;
import org.llavacluster.text.config.ModelFolder;

/**
 * A model folder in the layout of Hugging Face's LLaVA 1.5 with random weights. It is written as {@code NAME.partial}
 * and renamed when complete.
 */
public final class RandomFolder {

    private static final long SHARD_BYTES = 1L << 30;

    private final LlavaShape shape;
    private final long seed;
    private final long shardBytes;

    /** What has been written so far. */
    public record Written(String file, long bytes, long ofBytes) {}

    /**
     * @param seed determines the weights
     */
    public RandomFolder(LlavaShape shape, long seed) {
        this(shape, seed, SHARD_BYTES);
    }

    RandomFolder(LlavaShape shape, long seed, long shardBytes) {
        this.shape = shape;
        this.seed = seed;
        this.shardBytes = shardBytes;
    }

    /**
     * Writes the folder, with one piece of a tensor in memory at a time.
     *
     * @param folder must be absent or empty
     * @param progress called after each file of weights
     * @throws FileSystemException naming the folder and the problem: it is not empty, or the disk is too small
     */
    public void write(Path folder, Consumer<Written> progress) throws IOException {
        Path target = folder.toAbsolutePath().normalize();
        requireEmpty(target);
        Files.createDirectories(target.getParent());
        Path partial = target.resolveSibling(target.getFileName() + ".partial");
        if (Files.exists(partial)) {
            throw new FileSystemException(
                    partial.toString(),
                    null,
                    "was left by an interrupted write, unless another write is running: delete it");
        }
        Files.createDirectory(partial);
        try {
            writeInto(partial, progress);
            Files.deleteIfExists(target);
            Files.move(partial, target, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException | RuntimeException e) {
            delete(partial);
            throw e;
        }
    }

    private void writeInto(Path folder, Consumer<Written> progress) throws IOException {
        FolderFiles.write(folder, shape);
        ModelConfig config = ModelFolder.open(folder, Optional.empty()).config();
        List<WeightShard> shards = WeightShard.split(NamedShape.of(config), shardBytes);
        long all = shards.stream().mapToLong(WeightShard::bytes).sum();
        requireSpace(folder, all, Files.getFileStore(folder).getUsableSpace());
        List<String> names = new ArrayList<>();
        long written = 0;
        for (WeightShard shard : shards) {
            String name = "model-%05d-of-%05d.safetensors".formatted(names.size() + 1, shards.size());
            names.add(name);
            try (WritableByteChannel file = Files.newByteChannel(
                    folder.resolve(name), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
                shard.write(file, tensor -> new RandomValues(seed, tensor, ByteTokenizer.END));
            }
            written += shard.bytes();
            progress.accept(new Written(name, written, all));
        }
        FolderFiles.writeIndex(folder, shards, names);
    }

    private static void requireEmpty(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        if (!Files.isDirectory(folder)) {
            throw new FileSystemException(folder.toString(), null, "is not a folder");
        }
        try (Stream<Path> content = Files.list(folder)) {
            if (content.findAny().isPresent()) {
                throw new FileSystemException(folder.toString(), null, "is not empty");
            }
        }
    }

    static void requireSpace(Path folder, long bytes, long free) throws FileSystemException {
        if (free < bytes) {
            throw new FileSystemException(
                    folder.toString(),
                    null,
                    "takes %d MB, %d MB are free".formatted(bytes / 1_000_000, free / 1_000_000));
        }
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(folder);
    }
}
