package org.llavacluster.model.checkpoint;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import org.llavacluster.modelio.config.ModelFormatException;

/**
 * Reads a safetensors file: the length of the header as 8 little-endian bytes, the header, and the tensors' bytes. A
 * file that two readers could understand differently is refused: the tensors must fill the file exactly, and each byte
 * must belong to one tensor.
 */
final class SafetensorsFile {

    /** Generous, because a header takes about 100 bytes per tensor. */
    private static final long MAX_HEADER_BYTES = 16L << 20;

    private static final ValueLayout.OfLong LENGTH = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private SafetensorsFile() {}

    /**
     * Maps a file, which must not change while mapped.
     *
     * @param label names the file in messages
     * @param arena determines the lifetime of the mapping
     */
    static List<CheckpointTensor> map(Path path, String label, Arena arena) {
        WeightFile source = WeightFile.of(path, label);
        MemorySegment file = mapped(path, label, arena);
        require(file.byteSize() >= Long.BYTES, label, file.byteSize() + " bytes are too few for a safetensors file");
        long headerBytes = file.get(LENGTH, 0);
        require(
                headerBytes > 0 && headerBytes <= MAX_HEADER_BYTES,
                label,
                "header length " + Long.toUnsignedString(headerBytes) + " is not in [1, " + MAX_HEADER_BYTES + "]");
        require(
                headerBytes <= file.byteSize() - Long.BYTES,
                label,
                "header length " + headerBytes + " goes beyond the file's " + file.byteSize() + " bytes");

        String json = utf8(file.asSlice(Long.BYTES, headerBytes), label);
        MemorySegment data = file.asSlice(Long.BYTES + headerBytes);
        List<SafetensorsHeader.Entry> tensors =
                SafetensorsHeader.parse(label, json).tensors();
        requireExactFill(tensors, data.byteSize(), label);
        return tensors.stream()
                .map(t -> new CheckpointTensor(
                        source,
                        t.begin(),
                        t.name(),
                        t.dtype(),
                        t.shape(),
                        data.asSlice(t.begin(), t.end() - t.begin())))
                .toList();
    }

    private static MemorySegment mapped(Path path, String label, Arena arena) {
        if (!Files.isRegularFile(path)) {
            throw new ModelFormatException(
                    label + ": " + (Files.exists(path) ? "is not a regular file" : "is missing"));
        }
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            return channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
        } catch (IOException e) {
            throw new ModelFormatException(
                    label + ": cannot be read: " + e.getClass().getSimpleName(), e);
        }
    }

    private static String utf8(MemorySegment header, String label) {
        try {
            ByteBuffer bytes = header.asByteBuffer();
            return StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
        } catch (CharacterCodingException e) {
            throw new ModelFormatException(label + ": header is not valid UTF-8", e);
        }
    }

    private static void requireExactFill(List<SafetensorsHeader.Entry> tensors, long dataBytes, String label) {
        List<SafetensorsHeader.Entry> byOffset = tensors.stream()
                .sorted(Comparator.comparingLong(SafetensorsHeader.Entry::begin)
                        .thenComparingLong(SafetensorsHeader.Entry::end))
                .toList();
        long filled = 0;
        for (SafetensorsHeader.Entry tensor : byOffset) {
            String name = tensor.name();
            require(
                    tensor.end() <= dataBytes,
                    label,
                    name + ": data_offsets end at " + tensor.end() + ", the file's data at " + dataBytes
                            + ": truncated?");
            require(tensor.begin() >= filled, label, name + ": data_offsets overlap those of another tensor");
            require(
                    tensor.begin() == filled,
                    label,
                    name + ": data_offsets leave a hole of " + (tensor.begin() - filled) + " bytes before it");
            filled = tensor.end();
        }
        require(filled == dataBytes, label, (dataBytes - filled) + " trailing bytes belong to no tensor");
    }

    private static void require(boolean holds, String label, String otherwise) {
        if (!holds) {
            throw new ModelFormatException(label + ": " + otherwise);
        }
    }
}
