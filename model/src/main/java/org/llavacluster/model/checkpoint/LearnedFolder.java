package org.llavacluster.model.checkpoint;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.llavacluster.engine.DType;
import org.llavacluster.engine.FloatConversion;

/**
 * A model folder with some of its weights replaced by learned ones: the same files, the same names and types of
 * tensors. Learned values are rounded to the type that the file has, to nearest, ties to even.
 */
public final class LearnedFolder {

    private static final int PIECE = 1 << 18;

    private final Path model;

    /**
     * @param model the folder that was trained
     */
    public LearnedFolder(Path model) {
        this.model = model;
    }

    /**
     * Writes the folder's files.
     *
     * @param folder exists and has none of them
     * @param learned gives for a weight, by its name in the programs, its new values; empty for those that stay
     */
    public void writeInto(Path folder, Function<String, Optional<float[]>> learned) throws IOException {
        try (StoredTensors tensors = StoredTensors.ofFolder(model, "")) {
            Map<String, List<WrittenTensor>> files = new LinkedHashMap<>();
            for (StoredTensor tensor : tensors.all()) {
                files.computeIfAbsent(tensor.file(), name -> new ArrayList<>()).add(written(tensor, learned));
            }
            ShardedFolder.of(files).writeInPlaceOf(model, folder, written -> {});
        }
    }

    private static WrittenTensor written(StoredTensor tensor, Function<String, Optional<float[]>> learned) {
        return switch (TensorNames.place(tensor.name())) {
            case TensorNames.Place.Weight(String name) ->
                new WrittenTensor(
                        tensor.name(),
                        tensor.dtype(),
                        tensor.shape(),
                        tensor.bytes().byteSize(),
                        file -> {
                            Optional<float[]> values = learned.apply(name);
                            if (values.isPresent()) {
                                write(file, tensor.dtype(), values.get());
                            } else {
                                copy(tensor).content().writeTo(file);
                            }
                        });
            case TensorNames.Place.Ignored(), TensorNames.Place.Unknown() -> copy(tensor);
        };
    }

    private static WrittenTensor copy(StoredTensor tensor) {
        return WrittenTensor.of(tensor.name(), tensor.dtype(), tensor.shape(), tensor.bytes());
    }

    private static void write(WritableByteChannel file, String dtype, float[] values) throws IOException {
        DType type = DType.valueOf(dtype);
        MemorySegment from = MemorySegment.ofArray(values);
        MemorySegment piece = MemorySegment.ofArray(new byte[PIECE * type.bytes()]);
        for (long first = 0; first < values.length; first += PIECE) {
            long count = Math.min(PIECE, values.length - first);
            MemorySegment to = piece.asSlice(0, count * type.bytes());
            FloatConversion.convert(DType.F32, from.asSlice(first * Float.BYTES, count * Float.BYTES), type, to);
            WrittenTensor.writeAll(file, to.asByteBuffer());
        }
    }
}
