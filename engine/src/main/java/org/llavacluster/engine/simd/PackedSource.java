package org.llavacluster.engine.simd;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.llavacluster.engine.Sha256;
import org.llavacluster.engine.Weights;
import org.llavacluster.engine.simd.pack.DamagedFileException;
import org.llavacluster.engine.simd.pack.MappedContent;
import org.llavacluster.engine.simd.pack.PackedFile;
import org.llavacluster.engine.simd.plan.WeightLayout;
import org.llavacluster.engine.simd.threads.WorkerPool;

/** The packed file of one model, if one is kept. Whatever is wrong with the file, loading continues without it. */
final class PackedSource {

    private static final Logger LOG = System.getLogger(PackedSource.class.getName());

    /** Smaller models are packed within a second or two. */
    private static final long WORTH_KEEPING = 256L << 20;

    private static final int KEY_BYTES = 16;

    private final Optional<PackedFile> file;
    private Optional<MappedContent> mapped = Optional.empty();
    private boolean warned;

    private PackedSource(Optional<PackedFile> file) {
        this.file = file;
    }

    /** @param folder absent if no files are kept */
    static PackedSource of(Optional<Path> folder, Weights weights, WeightLayout layout) {
        return layout.bytes() < WORTH_KEEPING ? new PackedSource(Optional.empty()) : whatever(folder, weights, layout);
    }

    /** One of weights of any size. */
    static PackedSource whatever(Optional<Path> folder, Weights weights, WeightLayout layout) {
        return new PackedSource(
                folder.flatMap(f -> weights.digest().map(digest -> new PackedFile(f, key(digest, layout)))));
    }

    /**
     * Fills memory from the file or maps the file over it. If neither is possible, packs the weights and keeps them for
     * later starts.
     *
     * @param memory from {@link org.llavacluster.engine.simd.pack.HugeMemory} if the file may be mapped over it
     * @param packing fills it
     */
    void fill(MemorySegment memory, WorkerPool pool, Runnable packing) {
        if (!read(memory, pool)) {
            packing.run();
            write(memory);
        }
    }

    private boolean read(MemorySegment memory, WorkerPool pool) {
        try {
            if (file.isPresent()) {
                mapped = file.get().map(memory, pool);
            }
            return mapped.isPresent() || file.isPresent() && file.get().read(memory, pool);
        } catch (DamagedFileException e) {
            LOG.log(Level.WARNING, "{0}, packing them anew", e.getMessage());
            return false;
        } catch (IOException e) {
            warn("read", e);
            return false;
        }
    }

    /** Moves mapped memory to huge pages while it is in use, until {@code stopping} is true. */
    void settle(BooleanSupplier stopping) {
        mapped.ifPresent(content -> content.move(stopping));
    }

    private void write(MemorySegment memory) {
        try {
            if (file.isPresent()) {
                file.get().write(memory);
            }
        } catch (IOException e) {
            warn("written", e);
        }
    }

    /** Warns once: a folder that cannot be read cannot be written either. */
    private void warn(String done, IOException e) {
        if (warned) {
            return;
        }
        warned = true;
        LOG.log(Level.WARNING, "packed weights cannot be {0}, going on without: {1}", done, e.toString());
    }

    private static String key(String digest, WeightLayout layout) {
        String named = digest + "\n" + layout;
        byte[] hash = Sha256.of(named.getBytes(StandardCharsets.UTF_8));
        return HexFormat.of().formatHex(hash, 0, KEY_BYTES);
    }
}
