package org.llavacluster.decoder.scheduler;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import org.llavacluster.decoder.kv.BlockContent;
import org.llavacluster.decoder.kv.BlockTable;
import org.llavacluster.decoder.kv.Key;

/**
 * A request on its way. Its rows are those of the prompt, then one per token generated:
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

    /** Order of arrival: who came first is served first and preempted last. */
    final long ticket;

    boolean accepted;

    /** Tells apart the embeddings asked for before it was preempted and after. */
    int attempt = 1;

    /** Tokens delivered that the reader has not taken. */
    int untaken;

    private BlockTable table; // null unless running
    private int computed;
    private final BitSet wanted = new BitSet(); // images asked for and not freed
    private final BitSet arrived = new BitSet(); // of those, the ones that are there
    private int[] generated; // the first generatedCount
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

    /** Whether there is nothing to compute before an image arrives. */
    boolean isStalled() {
        return computed == ready() && ready() < known();
    }

    /** Whether all rows that are not in the cache could be computed now. */
    boolean isWhole() {
        for (int image = 0; image < spec.prompt().images(); image++) {
            if (spec.prompt().endRow(image) > computed && !arrived.get(image)) {
                return false;
            }
        }
        return true;
    }

    /** Whether its next row is that of a token sampled from it: one row, whose logits give the next token. */
    boolean isDecoding() {
        return computed == known() - 1 && generatedCount > spec.produced().length;
    }

    boolean isComplete() {
        return generatedCount == spec.produced().length + spec.maxTokens();
    }

    /** Positions that it wants to be sure of when it starts. */
    int reservedRows(int reservedTokens) {
        int left = spec.produced().length + spec.maxTokens() - generatedCount;
        return known() + Math.min(left, reservedTokens) - 1;
    }

    void start(BlockTable newTable) {
        table = newTable;
    }

    /** Gives its blocks back, but not the images that it asked for. */
    void giveWay() {
        table.release();
        table = null;
        computed = 0;
    }

    /** Back to where it was before {@link #start}, but with the tokens generated meanwhile. */
    void reset() {
        giveWay();
        wanted.clear();
        arrived.clear();
        attempt++;
    }

    void append(int token) {
        if (generatedCount == generated.length) {
            generated = Arrays.copyOf(generated, Math.max(16, 2 * generatedCount));
        }
        generated[generatedCount++] = token;
    }

    /** Takes cached blocks for the rows that come next, all but the last row: its logits are needed. */
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

    /** The rows of the last step are in the cache. */
    void advance(int rows) {
        computed += rows;
        while ((table.sealed() + 1) * blockTokens <= computed) {
            table.seal(content(table.sealed()));
        }
    }

    /** Images of which rows are still to be computed and that were not asked for yet. */
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

    /** The images wanted so far whose rows are all computed; not wanted any more. */
    List<Integer> unwant() {
        List<Integer> images = new ArrayList<>(0);
        for (int image = wanted.nextSetBit(0); image >= 0; image = wanted.nextSetBit(image + 1)) {
            if (spec.prompt().endRow(image) <= computed) {
                wanted.clear(image);
                arrived.clear(image);
                images.add(image);
            }
        }
        return images;
    }

    List<Integer> wanted() {
        return wanted.stream().boxed().toList();
    }

    /** What the next {@code rows} rows are computed from. */
    List<PromptRows.Run> nextRuns(int rows) {
        List<PromptRows.Run> runs = new ArrayList<>(2);
        int end = computed + rows;
        int prompt = spec.prompt().rows();
        if (computed < prompt) {
            spec.prompt().addRuns(computed, Math.min(end, prompt), runs);
        }
        if (end > prompt) {
            int first = Math.max(computed, prompt) - prompt;
            runs.add(new PromptRows.Run.Tokens(Arrays.copyOfRange(generated, first, end - prompt)));
        }
        return runs;
    }

    private BlockContent content(int block) {
        int[] cells = new int[blockTokens];
        List<Key> keys = new ArrayList<>(1);
        int first = block * blockTokens;
        spec.prompt().writeCells(first, blockTokens, cells, keys);
        for (int row = Math.max(first, spec.prompt().rows()); row < first + blockTokens; row++) {
            cells[row - first] = generated[row - spec.prompt().rows()];
        }
        return new BlockContent(cells, keys);
    }
}
