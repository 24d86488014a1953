package org.llavacluster.training.delta;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.llavacluster.model.checkpoint.NewFolder;
import org.llavacluster.model.checkpoint.SafetensorsShard;
import org.llavacluster.model.checkpoint.StoredTensor;
import org.llavacluster.model.checkpoint.StoredTensors;
import org.llavacluster.model.checkpoint.WrittenTensor;
import org.llavacluster.text.config.ModelFormatException;

/**
 * Makes and applies delta weights as the LLaVA project published them: in half precision, tensor by tensor. The result
 * has the files of the model or delta that goes in, its configuration and tokenizer among them; tensors that only the
 * base has are left out. Of each tensor about a megabyte is in memory at a time.
 */
public final class DeltaWeights {

    /** A buffer that files may hold and nothing needs. */
    private static final String BUFFER = "rotary_emb.inv_freq";

    private final Path base;
    private final Path input;
    private final DeltaDirection direction;

    /** What has been written so far. */
    public record Step(String file, long bytes, long ofBytes) {}

    /**
     * @param base folder of the LLaMA
     * @param input folder of the LLaVA to make a delta of, or of the delta to apply
     */
    public DeltaWeights(Path base, Path input, DeltaDirection direction) {
        this.base = base;
        this.input = input;
        this.direction = direction;
    }

    /**
     * Writes the result.
     *
     * @param out must be absent or empty; nothing is left there if this fails
     * @param progress called after each file of weights
     * @throws ModelFormatException naming every tensor that does not fit, or the file that cannot be read
     * @throws FileSystemException naming the folder and the problem: it is not empty, or the disk is too small
     */
    public void write(Path out, Consumer<Step> progress) throws IOException {
        NewFolder folder = new NewFolder(out);
        folder.requireFree();
        requireFolder(base);
        requireFolder(input);
        try (StoredTensors ofBase = StoredTensors.ofFolder(base, base + "/");
                StoredTensors ofInput = StoredTensors.ofFolder(input, "")) {
            Map<String, SafetensorsShard> shards = shards(ofBase, ofInput);
            folder.write(partial -> writeInto(partial, shards, progress));
        }
    }

    private static void requireFolder(Path folder) {
        if (!Files.isDirectory(folder)) {
            throw new ModelFormatException(folder + ": there is no such folder");
        }
    }

    /** The files of the result, by the names of the input's. */
    private Map<String, SafetensorsShard> shards(StoredTensors ofBase, StoredTensors ofInput) {
        Map<String, List<WrittenTensor>> files = new LinkedHashMap<>();
        List<String> misfits = new ArrayList<>();
        for (StoredTensor tensor : ofInput.all()) {
            if (tensor.name().endsWith(BUFFER)) {
                continue;
            }
            DeltaTensor pair = new DeltaTensor(tensor, ofBase.find(tensor.name()));
            Optional<String> misfit = pair.misfit();
            misfit.ifPresent(misfits::add);
            if (misfit.isEmpty()) {
                files.computeIfAbsent(tensor.file(), name -> new ArrayList<>()).add(pair.combined(direction));
            }
        }
        if (!misfits.isEmpty()) {
            throw new ModelFormatException(
                    input + " does not fit the base " + base + ": " + String.join("; ", misfits));
        }
        Map<String, SafetensorsShard> shards = new LinkedHashMap<>();
        files.forEach((name, tensors) -> shards.put(name, new SafetensorsShard(tensors)));
        return shards;
    }

    private void writeInto(Path folder, Map<String, SafetensorsShard> shards, Consumer<Step> progress)
            throws IOException {
        long all = shards.values().stream().mapToLong(SafetensorsShard::bytes).sum();
        NewFolder.requireSpace(folder, all, Files.getFileStore(folder).getUsableSpace());
        long written = 0;
        for (Map.Entry<String, SafetensorsShard> shard : shards.entrySet()) {
            shard.getValue().write(folder.resolve(shard.getKey()));
            written += shard.getValue().bytes();
            progress.accept(new Step(shard.getKey(), written, all));
        }
        if (Files.exists(input.resolve(SafetensorsShard.INDEX))) {
            SafetensorsShard.writeIndex(folder, shards);
        }
        copyOthers(folder);
    }

    /** Configuration, tokenizer and what else is beside the weights. */
    private void copyOthers(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(input)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                String name = file.getFileName().toString();
                if (!name.endsWith(".safetensors") && !name.equals(SafetensorsShard.INDEX) && !isPickled(name)) {
                    Files.copy(file, folder.resolve(name));
                }
            }
        }
    }

    /** Whether it holds the same weights in a format that is never loaded. */
    private static boolean isPickled(String name) {
        return Stream.of(".bin", ".bin.index.json", ".pt", ".pth").anyMatch(name::endsWith);
    }
}
