package org.llavacluster.engine.simd.pack;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.atomic.AtomicReference;
import java.util.zip.CRC32C;
import org.llavacluster.engine.simd.threads.Scratch;
import org.llavacluster.engine.simd.threads.WorkerPool;

/**
 * Packed matrices in a file, so that a later start need not pack them again. The file is a header, one CRC32C for each piece of 16 MB,
 * and the matrices' memory as it is.
 */
public final class PackedFile {

    private static final long MAGIC = 0x4c4c_4156_4150_414bL;
    /** Changes with the layout of any format. */
    private static final int VERSION = 3;

    private static final int PIECE = 16 << 20;
    private static final int HEADER = 64;

    private final Path path;

    /**
     * @param folder made if it does not exist
     * @param key names everything that the matrices depend on, in characters that a file name may have
     */
    public PackedFile(Path folder, String key) {
        this.path = folder.resolve(key + ".packed");
    }

    /** Whether there was a whole, undamaged file, whose content is in {@code memory} then. */
    public boolean read(MemorySegment memory, WorkerPool pool) throws IOException {
        try (FileChannel file = FileChannel.open(path, StandardOpenOption.READ)) {
            int pieces = pieces(memory);
            ByteBuffer start =
                    ByteBuffer.allocate(HEADER + pieces * Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
            readFully(file, start, 0);
            start.flip();
            if (start.remaining() < start.capacity()
                    || start.getLong(0) != MAGIC
                    || start.getInt(8) != VERSION
                    || start.getLong(16) != memory.byteSize()
                    || file.size() != start.capacity() + memory.byteSize()) {
                return false;
            }
            AtomicReference<IOException> failure = new AtomicReference<>();
            boolean[] damaged = new boolean[pieces];
            pool.run(
                    pieces,
                    (index, scratch) -> {
                        try {
                            MemorySegment piece = piece(memory, index);
                            readFully(file, piece.asByteBuffer(), start.capacity() + (long) index * PIECE);
                            damaged[index] = checksum(piece) != start.getInt(HEADER + index * Integer.BYTES);
                        } catch (IOException e) {
                            failure.set(e);
                        }
                    },
                    new Scratch());
            if (failure.get() != null) {
                throw failure.get();
            }
            for (boolean bad : damaged) {
                if (bad) {
                    return false;
                }
            }
            return true;
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    /** Writes the file anew, in one step for whoever reads it. */
    public void write(MemorySegment memory) throws IOException {
        Files.createDirectories(path.toAbsolutePath().getParent());
        Path temporary = Files.createTempFile(path.toAbsolutePath().getParent(), "packing", ".tmp");
        try {
            try (FileChannel file = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
                int pieces = pieces(memory);
                ByteBuffer start = ByteBuffer.allocate(HEADER + pieces * Integer.BYTES)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putLong(0, MAGIC)
                        .putInt(8, VERSION)
                        .putLong(16, memory.byteSize());
                for (int i = 0; i < pieces; i++) {
                    start.putInt(HEADER + i * Integer.BYTES, checksum(piece(memory, i)));
                }
                writeFully(file, start);
                for (int i = 0; i < pieces; i++) {
                    writeFully(file, piece(memory, i).asByteBuffer());
                }
                file.force(true);
            }
            Files.move(temporary, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    private static int pieces(MemorySegment memory) {
        return Math.toIntExact(Math.ceilDiv(memory.byteSize(), (long) PIECE));
    }

    private static MemorySegment piece(MemorySegment memory, int index) {
        long from = (long) index * PIECE;
        return memory.asSlice(from, Math.min(PIECE, memory.byteSize() - from));
    }

    private static int checksum(MemorySegment piece) {
        CRC32C crc = new CRC32C();
        crc.update(piece.asByteBuffer());
        return (int) crc.getValue();
    }

    private static void readFully(FileChannel file, ByteBuffer to, long position) throws IOException {
        long at = position;
        while (to.hasRemaining()) {
            int read = file.read(to, at);
            if (read < 0) {
                return;
            }
            at += read;
        }
    }

    private static void writeFully(FileChannel file, ByteBuffer from) throws IOException {
        while (from.hasRemaining()) {
            file.write(from);
        }
    }
}
