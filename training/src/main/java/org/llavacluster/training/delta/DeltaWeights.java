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
import org.llavacluster.model.checkpoint.NewFolder;
import org.llavacluster.model.checkpoint.ShardedFolder;
import org.llavacluster.model.checkpoint.StoredTensor;
import org.llavacluster.model.checkpoint.StoredTensors;
import org.llavacluster.model.checkpoint.WrittenTensor;
import org.llavacluster.modelio.config.ModelFormatException;

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
    public void write(Path out, Consumer<ShardedFolder.Written> progress) throws IOException {
        NewFolder folder = new NewFolder(out);
        folder.requireFree();
        requireFolder(base);
        requireFolder(input);
        try (StoredTensors ofBase = StoredTensors.ofFolder(base, base + "/");
                StoredTensors ofInput = StoredTensors.ofFolder(input, "")) {
            ShardedFolder result = combined(ofBase, ofInput);
            folder.write(partial -> result.writeInPlaceOf(input, partial, progress));
        }
    }

    private static void requireFolder(Path folder) {
        if (!Files.isDirectory(folder)) {
            throw new ModelFormatException(folder + ": there is no such folder");
        }
    }

    /** The result, in files of the input's names. */
    private ShardedFolder combined(StoredTensors ofBase, StoredTensors ofInput) {
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
        return ShardedFolder.of(files);
    }
}
