package org.llavacluster.model.checkpoint;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.llavacluster.engine.DType;
import org.llavacluster.engine.FloatConversion;
import org.llavacluster.engine.HostTensor;
import org.llavacluster.modelio.config.ModelFormatException;

/**
 * A model folder with its float weights in another type: the same files and the same names of tensors. Values are
 * rounded to nearest, ties to even; tensors of other types stay as they are.
 */
public final class ConvertedFolder {

    private static final Set<String> FLOATS = Set.of(DType.F32.name(), DType.F16.name(), DType.BF16.name());
    private static final String CONFIG = "config.json";
    private static final int PIECE = 1 << 18;
    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path model;
    private final DType type;

    /**
     * @param type F32, F16 or BF16
     */
    public ConvertedFolder(Path model, DType type) {
        if (!FLOATS.contains(type.name())) {
            throw new IllegalArgumentException("weights cannot be " + type);
        }
        this.model = model;
        this.type = type;
    }

    /**
     * Writes the folder.
     *
     * @param out must be absent or empty; nothing is left there if this fails
     * @param progress called after each file of weights
     * @throws ModelFormatException naming the file that cannot be read, or every tensor with a value that the type
     *     cannot hold
     * @throws java.nio.file.FileSystemException naming the folder and the problem: it is not empty, or the disk is too
     *     small
     */
    public void write(Path out, Consumer<ShardedFolder.Written> progress) throws IOException {
        NewFolder folder = new NewFolder(out);
        folder.requireFree();
        try (StoredTensors tensors = StoredTensors.ofFolder(model, "")) {
            requireRange(tensors.all());
            Map<String, List<WrittenTensor>> files = new LinkedHashMap<>();
            for (StoredTensor tensor : tensors.all()) {
                files.computeIfAbsent(tensor.file(), _ -> new ArrayList<>()).add(converted(tensor));
            }
            folder.write(partial -> {
                ShardedFolder.of(files).writeInPlaceOf(model, partial, progress);
                describe(partial.resolve(CONFIG));
            });
        }
    }

    private WrittenTensor converted(StoredTensor tensor) {
        if (!FLOATS.contains(tensor.dtype()) || tensor.dtype().equals(type.name())) {
            return WrittenTensor.of(tensor.name(), tensor.dtype(), tensor.shape(), tensor.bytes());
        }
        long bytes = Math.multiplyExact(tensor.elements(), type.bytes());
        return new WrittenTensor(tensor.name(), type.name(), tensor.shape(), bytes, file -> {
            DType from = DType.valueOf(tensor.dtype());
            MemorySegment piece = MemorySegment.ofArray(new byte[PIECE * type.bytes()]);
            for (long first = 0; first < tensor.elements(); first += PIECE) {
                long count = Math.min(PIECE, tensor.elements() - first);
                MemorySegment to = piece.asSlice(0, count * type.bytes());
                FloatConversion.convert(
                        from, tensor.bytes().asSlice(first * from.bytes(), count * from.bytes()), type, to);
                WrittenTensor.writeAll(file, to.asByteBuffer());
            }
            tensor.unload();
        });
    }

    /** Refuses what would become infinite: a model with such a weight answers noise. */
    private void requireRange(List<StoredTensor> tensors) {
        if (type == DType.F32) {
            return;
        }
        List<String> beyond = new ArrayList<>();
        for (StoredTensor tensor : tensors) {
            if (FLOATS.contains(tensor.dtype()) && !tensor.dtype().equals(type.name()) && isBeyond(tensor)) {
                beyond.add(tensor.name());
            }
            tensor.unload();
        }
        if (!beyond.isEmpty()) {
            throw new ModelFormatException(model + " has values beyond the range of "
                    + type.name().toLowerCase(Locale.ROOT) + " in " + String.join(", ", beyond) + ": use another type");
        }
    }

    private boolean isBeyond(StoredTensor tensor) {
        DType from = DType.valueOf(tensor.dtype());
        for (long i = 0; i < tensor.elements(); i++) {
            float value = from == DType.F32
                    ? tensor.bytes().getAtIndex(HostTensor.FLOAT, i)
                    : FloatConversion.widen(from, tensor.bytes().getAtIndex(SHORT, i));
            if (Float.isFinite(value)
                    && !Float.isFinite(FloatConversion.widen(type, FloatConversion.narrow(type, value)))) {
                return true;
            }
        }
        return false;
    }

    /** The type stands in the configuration too, for whichever of its two names and parts the source has. */
    private void describe(Path config) throws IOException {
        if (!Files.exists(config) || !(JSON.readTree(config.toFile()) instanceof ObjectNode root)) {
            return;
        }
        String name = TorchType.name(type);
        if (!root.has("dtype")) {
            root.put("torch_dtype", name);
        }
        for (String part : List.of("", "text_config", "vision_config")) {
            if ((part.isEmpty() ? root : root.path(part)) instanceof ObjectNode object) {
                Stream.of("torch_dtype", "dtype").filter(object::has).forEach(field -> object.put(field, name));
            }
        }
        Files.write(config, JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(root));
    }
}
