package org.llavacluster.model.bench.folder;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.llavacluster.model.bench.LlavaShape;
import org.llavacluster.model.checkpoint.NewFolder;
import org.llavacluster.model.checkpoint.SafetensorsShard;
import org.llavacluster.model.checkpoint.ShardedFolder;
import org.llavacluster.modelio.config.ModelConfig;
import org.llavacluster.modelio.config.ModelFolder;

/**
 * A model folder in the layout of Hugging Face's LLaVA 1.5 with random weights. It is written as {@code NAME.partial}
 * and renamed when complete.
 */
public final class RandomFolder {

    private static final long SHARD_BYTES = 1L << 30;

    private final LlavaShape shape;
    private final long seed;
    private final long shardBytes;

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
    public void write(Path folder, Consumer<ShardedFolder.Written> progress) throws IOException {
        new NewFolder(folder).write(partial -> writeInto(partial, progress));
    }

    private void writeInto(Path folder, Consumer<ShardedFolder.Written> progress) throws IOException {
        FolderFiles.write(folder, shape);
        ModelConfig config = ModelFolder.open(folder, Optional.empty()).config();
        List<WeightShard> shards = WeightShard.split(NamedShape.of(config), shardBytes);
        Map<String, SafetensorsShard> files = new LinkedHashMap<>();
        for (WeightShard tensors : shards) {
            files.put(
                    "model-%05d-of-%05d.safetensors".formatted(files.size() + 1, shards.size()),
                    tensors.filled(tensor -> new RandomValues(seed, tensor, ByteTokenizer.END)));
        }
        ShardedFolder weights = new ShardedFolder(files);
        weights.writeInto(folder, progress);
        weights.writeIndex(folder);
    }
}
