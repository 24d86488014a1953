package org.llavacluster.engine.simd.pack;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.foreign.MemorySegment;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * Memory with a file mapped over it, which can be read at once. The mapping has small pages, which the system may
 * evict, so {@link #move} replaces them piece by piece with huge pages of the same content at the same addresses.
 * Readers see the same bytes throughout, and at most one piece is held twice.
 */
public final class MappedContent {

    private static final Logger LOG = System.getLogger(MappedContent.class.getName());

    /** What is replaced at a time. */
    private static final long PIECE = 16L << 20;

    /** What is copied at a time: the JVM's other threads may have to wait for a copy to end. */
    private static final long COPIED = 1L << 20;

    private final MemorySegment memory;
    /** The memory with the rest of its last huge page. */
    private final MemorySegment pages;

    private MappedContent(MemorySegment memory) {
        this.memory = memory;
        this.pages = HugeMemory.pages(memory);
    }

    /**
     * Maps a file over memory from {@link HugeMemory}, whose content is lost. Empty if that is not possible; the memory
     * is then unchanged.
     *
     * @param offset where the content begins in the file, a multiple of 4096
     */
    static Optional<MappedContent> over(MemorySegment memory, Path file, long offset) {
        if (!HugeMemory.isLarge(memory.byteSize()) || file.getFileSystem() != FileSystems.getDefault()) {
            return Optional.empty();
        }
        int descriptor = MemoryCalls.open(file);
        if (descriptor < 0) {
            return Optional.empty();
        }
        int flags = MemoryCalls.PRIVATE | MemoryCalls.FIXED;
        MemorySegment mapped = MemoryCalls.map(memory, memory.byteSize(), MemoryCalls.READ, flags, descriptor, offset);
        MemoryCalls.close(descriptor);
        return mapped.equals(MemorySegment.NULL) ? Optional.empty() : Optional.of(new MappedContent(memory));
    }

    /** Asks the kernel to read that piece of the file ahead. */
    void ask(MemorySegment piece) {
        MemoryCalls.advise(piece, MemoryCalls.WILL_NEED);
    }

    /**
     * Reads that piece of the file into memory. False if it cannot be read or the kernel is too old: reading the memory
     * may then end the process.
     */
    boolean fetch(MemorySegment piece) {
        return MemoryCalls.advise(piece, MemoryCalls.POPULATE_READ);
    }

    /** Replaces the mapping by writable memory. */
    void unmap() {
        int flags = MemoryCalls.PRIVATE | MemoryCalls.ANONYMOUS | MemoryCalls.FIXED;
        MemorySegment anonymous =
                MemoryCalls.map(pages, pages.byteSize(), MemoryCalls.READ | MemoryCalls.WRITE, flags, -1, 0);
        if (anonymous.equals(MemorySegment.NULL)) {
            throw new OutOfMemoryError("no " + memory.byteSize() + " bytes of memory");
        }
        MemoryCalls.advise(pages, MemoryCalls.HUGE_PAGES);
    }

    /**
     * Replaces the file's pages; what cannot be replaced stays mapped.
     *
     * @param stopping asked before each piece: whether to leave the rest; the memory must not be freed before this
     *     returns
     */
    public void move(BooleanSupplier stopping) {
        for (long from = 0; from < pages.byteSize() && !stopping.getAsBoolean(); from += PIECE) {
            if (!move(from, Math.min(PIECE, pages.byteSize() - from))) {
                LOG.log(Level.WARNING, "no huge pages for weights: {0} bytes stay mapped", memory.byteSize() - from);
                return;
            }
        }
    }

    private boolean move(long from, long bytes) {
        MemorySegment all;
        try {
            all = HugeMemory.map(bytes);
        } catch (OutOfMemoryError e) {
            return false;
        }
        MemorySegment fresh = HugeMemory.aligned(all);
        MemoryCalls.advise(fresh, MemoryCalls.HUGE_PAGES);
        long end = Math.min(bytes, memory.byteSize() - from);
        for (long at = 0; at < end; at += COPIED) {
            MemorySegment.copy(memory, from + at, fresh, at, Math.min(COPIED, end - at));
        }
        boolean moved = MemoryCalls.move(fresh, pages.asSlice(from, bytes));
        if (moved) {
            long before = fresh.address() - all.address();
            free(all.asSlice(0, before));
            free(all.asSlice(before + bytes));
        } else {
            free(all);
        }
        return moved;
    }

    private static void free(MemorySegment rest) {
        if (rest.byteSize() > 0) {
            MemoryCalls.unmap(rest);
        }
    }
}
