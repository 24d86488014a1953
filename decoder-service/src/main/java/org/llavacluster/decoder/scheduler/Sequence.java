package org.llavacluster.decoder.scheduler;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import org.llavacluster.decoder.kv.BlockContent;
import org.llavacluster.decoder.kv.BlockTable;
import org.llavacluster.decoder.kv.OpaqueKey;
import org.llavacluster.model.decoder.RowRun;

/**
 * A request in the scheduler. Its rows are those of the prompt, then one per generated token:
 *
 * <pre>
 * [0, computed)      K and V are in the cache
 * [computed, ready)  can be computed now
 * [ready, known)     wait for the embeddings of an image
 * </pre>
 */
final class Sequence {

    final SequenceSpec spec;
    final int blockTokens;

    /** Order of arrival: the lowest ticket starts first and is preempted last. */
    final long ticket;

    boolean accepted;

    /** Distinguishes embeddings asked for before and after a preemption. */
    int attempt = 1;

    /** Delivered tokens that the reader has not acknowledged. */
    int unacknowledged;

    private BlockTable table; // null unless running
    private int computed;
    private final BitSet wanted = new BitSet(); // images asked for and not freed
    private final BitSet arrived = new BitSet(); // those of wanted that have arrived
    private final BitSet kept = new BitSet(); // those of arrived that are kept until the end
    private int[] generated; // generatedCount are valid
    private int generatedCount;

    Sequence(SequenceSpec spec, long ticket, int blockTokens) {
        this.spec = spec;
        this.ticket = ticket;
        this.blockTokens = blockTokens;
        this.generated = spec.produced().clone();
        this.generatedCount = generated.length;
    }

    long id() {
        return spec.id();
    }

    BlockTable table() {
        return table;
    }

    int computed() {
        return computed;
    }

    int generated() {
        return generatedCount;
    }

    /** Rows of the prompt and of tokens of earlier attempts that are still to be computed; none once it streams. */
    long promptRowsLeft() {
        boolean streaming = generatedCount > spec.produced().length;
        return streaming ? 0 : Math.max(0, known() - computed);
    }

    int known() {
        return spec.prompt().rows() + generatedCount;
    }

    int ready() {
        for (int image = wanted.nextSetBit(0); image >= 0; image = wanted.nextSetBit(image + 1)) {
            if (!arrived.get(image)) {
                return Math.max(computed, spec.prompt().firstRow(image));
            }
        }
        return known();
    }

    /** Whether nothing can be computed before an image arrives. */
    boolean isStalled() {
        return computed == ready() && ready() < known();
    }

    /** Whether all rows that are not in the cache can be computed now. */
    boolean isComputable() {
        for (int image = 0; image < spec.prompt().images(); image++) {
            if (spec.prompt().endRow(image) > computed && !arrived.get(image)) {
                return false;
            }
        }
        return true;
    }

    /** Whether the next row is that of a sampled token: a single row, whose logits give the next token. */
    boolean isDecoding() {
        return computed == known() - 1 && generatedCount > spec.produced().length;
    }

    boolean isComplete() {
        return generatedCount == spec.produced().length + spec.maxTokens();
    }

    /** Number of positions to reserve at the start. */
    int reservedRows(int reservedTokens) {
        int left = spec.produced().length + spec.maxTokens() - generatedCount;
        return known() + Math.min(left, reservedTokens) - 1;
    }

    void start(BlockTable newTable) {
        table = newTable;
    }

    /** Releases its blocks, but keeps the images it asked for. */
    void giveWay() {
        table.release();
        table = null;
        computed = 0;
    }

    /** Returns to the state before {@link #start}, but keeps the generated tokens and the kept images. */
    void reset() {
        giveWay();
        wanted.and(kept);
        arrived.and(kept);
        attempt++;
    }

    /**
     * Whether all images that have computed rows are there, so that no other process is needed to compute it again.
     *
     * @param room rows of images that could be kept besides those that are
     */
    boolean isRecoverable(int room) {
        int unkept = 0;
        for (int image = 0; image < spec.prompt().images(); image++) {
            if (spec.prompt().firstRow(image) < computed && !kept.get(image)) {
                if (!arrived.get(image)) {
                    return false;
                }
                unkept += imageRows(image);
            }
        }
        return unkept <= room;
    }

    void append(int token) {
        if (generatedCount == generated.length) {
            generated = Arrays.copyOf(generated, Math.max(16, 2 * generatedCount));
        }
        generated[generatedCount++] = token;
    }

    /** Adopts cached blocks for the next rows, except the last row, whose logits are needed. */
    int adoptPrefix() {
        int before = computed;
        while (computed == table.sealed() * blockTokens
                && table.sealed() == table.blocks().length
                && computed + blockTokens < known()
                && table.adopt(content(table.sealed()))) {
            computed += blockTokens;
        }
        return computed - before;
    }

    /** Records that the rows of the last step are in the cache. */
    void advance(int rows) {
        computed += rows;
        while ((table.sealed() + 1) * blockTokens <= computed) {
            table.seal(content(table.sealed()));
        }
    }

    /** Returns the images that rows to be computed need and that were not asked for yet. */
    List<Integer> want() {
        List<Integer> images = new ArrayList<>();
        for (int image = 0; image < spec.prompt().images(); image++) {
            if (spec.prompt().endRow(image) > computed && !wanted.get(image)) {
                wanted.set(image);
                images.add(image);
            }
        }
        return images;
    }

    void arrive(int image) {
        if (wanted.get(image)) {
            arrived.set(image);
        }
    }

    /** The images asked for and not kept whose rows are all computed. */
    List<Integer> computedImages() {
        List<Integer> images = new ArrayList<>(0);
        for (int image = wanted.nextSetBit(0); image >= 0; image = wanted.nextSetBit(image + 1)) {
            if (spec.prompt().endRow(image) <= computed && !kept.get(image)) {
                images.add(image);
            }
        }
        return images;
    }

    /** The images asked for and not kept. */
    List<Integer> unkeptImages() {
        return wanted.stream().filter(image -> !kept.get(image)).boxed().toList();
    }

    boolean hasArrived(int image) {
        return arrived.get(image);
    }

    void keep(int image) {
        kept.set(image);
    }

    /** The image is not needed any more, or not before it is asked for again. */
    void unwant(int image) {
        wanted.clear(image);
        arrived.clear(image);
    }

    int imageRows(int image) {
        return spec.prompt().image(image).rows();
    }

    /** Rows of the images that it keeps. */
    int keptRows() {
        return kept.stream().map(this::imageRows).sum();
    }

    /** The inputs of the next {@code rows} rows. */
    List<RowRun> nextRuns(int rows) {
        List<RowRun> runs = new ArrayList<>(2);
        int end = computed + rows;
        int prompt = spec.prompt().rows();
        if (computed < prompt) {
            spec.prompt().addRuns(computed, Math.min(end, prompt), runs);
        }
        if (end > prompt) {
            int first = Math.max(computed, prompt) - prompt;
            runs.add(new RowRun.Ids(Arrays.copyOfRange(generated, first, end - prompt)));
        }
        return runs;
    }

    private BlockContent content(int block) {
        int[] cells = new int[blockTokens];
        List<OpaqueKey> keys = new ArrayList<>(1);
        int first = block * blockTokens;
        spec.prompt().writeCells(first, blockTokens, cells, keys);
        for (int row = Math.max(first, spec.prompt().rows()); row < first + blockTokens; row++) {
            cells[row - first] = generated[row - spec.prompt().rows()];
        }
        return new BlockContent(cells, keys);
    }
}
