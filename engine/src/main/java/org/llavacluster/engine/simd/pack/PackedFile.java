package org.llavacluster.engine.simd.pack;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.zip.CRC32C;
import org.llavacluster.engine.simd.threads.Scratch;
import org.llavacluster.engine.simd.threads.WorkerPool;

/**
 * Packed weights on disk, so that a later start need not pack them again. The file holds a header, a CRC32C for each
 * piece of 16 MB, and, from a multiple of 2 MB on, the memory of the weights as it is.
 */
public final class PackedFile {

    private static final long MAGIC = 0x4c4c_4156_4150_414bL;
    /** Changes with the layout of any format. */
    private static final int VERSION = 3;

    private static final int PIECE = 16 << 20;
    private static final int HEADER = 64;

    /** Pieces that are requested from the disk ahead: disks are fastest with several requests at a time. */
    private static final int ASKED_AHEAD = 8;

    private final Path path;

    /**
     * @param folder made if it does not exist
     * @param key names everything that the weights depend on, in characters that a file name may have
     */
    public PackedFile(Path folder, String key) {
        this.path = folder.resolve(key + ".packed");
    }

    /** Brings the content of a piece, if it can. */
    @FunctionalInterface
    private interface Fetch {
        boolean fetch(MemorySegment piece, int index) throws IOException;
    }

    /**
     * Reads a file of this version into {@code memory}; false if there is none.
     *
     * @throws DamagedFileException if there is one that is not as it was written
     */
    public boolean read(MemorySegment memory, WorkerPool pool) throws IOException {
        try (FileChannel file = FileChannel.open(path, StandardOpenOption.READ)) {
            Optional<ByteBuffer> start = start(file, memory);
            long content = content(memory);
            return start.isPresent()
                    && fetched(
                            memory,
                            start.get(),
                            (piece, index) -> {
                                readFully(file, piece.asByteBuffer(), content + (long) index * PIECE);
                                return true;
                            },
                            pool);
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    /**
     * Maps a file of this version over {@code memory}; empty if there is none or if it cannot be mapped.
     *
     * @param memory from {@link HugeMemory}; can be written unless the file was mapped
     * @throws DamagedFileException if there is one that is not as it was written
     */
    public Optional<MappedContent> map(MemorySegment memory, WorkerPool pool) throws IOException {
        Optional<ByteBuffer> start;
        try (FileChannel file = FileChannel.open(path, StandardOpenOption.READ)) {
            start = start(file, memory);
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
        Optional<MappedContent> mapped =
                start.flatMap(found -> MappedContent.over(memory, path.toAbsolutePath(), content(memory)));
        if (mapped.isEmpty()) {
            return mapped;
        }
        boolean whole = false;
        try {
            whole = fetched(memory, start.get(), fetchOf(mapped.get(), memory), pool);
        } finally {
            if (!whole) {
                mapped.get().unmap();
            }
        }
        return whole ? mapped : Optional.empty();
    }

    private static Fetch fetchOf(MappedContent mapped, MemorySegment memory) {
        int last = pieces(memory) - 1;
        return (piece, index) -> {
            mapped.ask(piece(memory, Math.min(index + ASKED_AHEAD, last)));
            return mapped.fetch(piece);
        };
    }

    /** The header and the checksums of a file that may hold {@code memory}; empty if it is of another version. */
    private Optional<ByteBuffer> start(FileChannel file, MemorySegment memory) throws IOException {
        ByteBuffer start =
                ByteBuffer.allocate(HEADER + pieces(memory) * Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        readFully(file, start, 0);
        boolean whole = !start.hasRemaining();
        if (whole && start.getLong(0) == MAGIC && start.getInt(8) != VERSION) {
            return Optional.empty();
        }
        if (!whole
                || start.getLong(0) != MAGIC
                || start.getLong(16) != memory.byteSize()
                || file.size() != content(memory) + memory.byteSize()) {
            throw new DamagedFileException(path);
        }
        return Optional.of(start);
    }

    /** Whether all pieces could be fetched; they are what was written then. */
    private boolean fetched(MemorySegment memory, ByteBuffer start, Fetch fetch, WorkerPool pool) throws IOException {
        AtomicReference<IOException> failure = new AtomicReference<>();
        AtomicBoolean missing = new AtomicBoolean();
        pool.run(
                pieces(memory),
                (index, scratch) -> {
                    if (missing.get() || failure.get() != null) {
                        return;
                    }
                    try {
                        MemorySegment piece = piece(memory, index);
                        if (!fetch.fetch(piece, index)) {
                            missing.set(true);
                        } else if (checksum(piece) != start.getInt(HEADER + index * Integer.BYTES)) {
                            failure.set(new DamagedFileException(path));
                        }
                    } catch (IOException e) {
                        failure.set(e);
                    }
                },
                new Scratch());
        if (failure.get() != null) {
            throw failure.get();
        }
        return !missing.get();
    }

    /**
     * Writes the file, in one step for concurrent readers, and deletes partial files that killed processes left behind.
     */
    public void write(MemorySegment memory) throws IOException {
        try (PartialFile partial = PartialFile.in(path.toAbsolutePath().getParent())) {
            FileChannel file = partial.channel();
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
            file.position(content(memory));
            for (int i = 0; i < pieces; i++) {
                writeFully(file, piece(memory, i).asByteBuffer());
            }
            file.force(true);
            partial.moveTo(path);
        }
    }

    /** Where the content begins in the file: so that it can be mapped with huge pages. */
    private static long content(MemorySegment memory) {
        long start = HEADER + (long) pieces(memory) * Integer.BYTES;
        return Math.ceilDiv(start, HugeMemory.PAGE) * HugeMemory.PAGE;
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
