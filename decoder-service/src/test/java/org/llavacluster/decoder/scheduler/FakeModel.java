package org.llavacluster.decoder.scheduler;

import java.util.ArrayList;
import java.util.List;
import org.llavacluster.decoder.kv.OpaqueKey;
import org.llavacluster.model.decoder.RowRun;

/**
 * A model whose tokens depend on all preceding rows and on the tenant, through a KV cache of real blocks. A lost,
 * doubled, swapped or stale row changes its tokens.
 */
final class FakeModel {

    private final int blockTokens;
    private final int vocabulary;
    private final long[][] rows; // [blocks, blockTokens], what was computed into that position
    private final OpaqueKey[][] salts; // [blocks, blockTokens], for which tenant

    FakeModel(int blocks, int blockTokens, int vocabulary) {
        this.blockTokens = blockTokens;
        this.vocabulary = vocabulary;
        this.rows = new long[blocks][blockTokens];
        this.salts = new OpaqueKey[blocks][blockTokens];
    }

    /** Computes the rows of a part and returns the token after its last row. */
    int compute(Step.Part part, SequenceSpec spec) {
        int position = part.start();
        for (RowRun run : part.runs()) {
            for (int i = 0; i < run.rows(); i++, position++) {
                long row =
                        switch (run) {
                            case RowRun.Ids tokens -> tokens.ids()[i];
                            case RowRun.Image image -> imageRow(spec, image.image(), image.firstRow() + i);
                        };
                int block = part.blocks()[position / blockTokens];
                rows[block][position % blockTokens] = mix(position, row);
                salts[block][position % blockTokens] = spec.salt();
            }
        }
        if (position != part.start() + part.rows()) {
            throw new AssertionError("runs of " + (position - part.start()) + " rows for a part of " + part.rows());
        }
        long state = 0;
        for (int p = 0; p < position; p++) {
            int block = part.blocks()[p / blockTokens];
            if (!spec.salt().equals(salts[block][p % blockTokens])) {
                throw new AssertionError("Isolated: a row of another tenant at position " + p);
            }
            state = mix(state, rows[block][p % blockTokens]);
        }
        return token(state);
    }

    /** The tokens after the prompt, computed without any cache. */
    int[] expected(SequenceSpec spec, int count) {
        long state = 0;
        int position = 0;
        List<RowRun> runs = new ArrayList<>();
        spec.prompt().addRuns(0, spec.prompt().rows(), runs);
        for (RowRun run : runs) {
            for (int i = 0; i < run.rows(); i++) {
                long row =
                        switch (run) {
                            case RowRun.Ids tokens -> tokens.ids()[i];
                            case RowRun.Image image -> imageRow(spec, image.image(), image.firstRow() + i);
                        };
                state = mix(state, mix(position++, row));
            }
        }
        int[] tokens = new int[count];
        for (int i = 0; i < count; i++) {
            tokens[i] = token(state);
            state = mix(state, mix(position++, tokens[i]));
        }
        return tokens;
    }

    private static long imageRow(SequenceSpec spec, int image, int row) {
        return mix(1000 + spec.prompt().image(image).key().hashCode(), row);
    }

    private int token(long state) {
        return (int) Long.remainderUnsigned(mix(state, 77), vocabulary);
    }

    private static long mix(long a, long b) {
        long z = a * 0x9E3779B97F4A7C15L + b + 0x632BE59BD9B4E019L;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
