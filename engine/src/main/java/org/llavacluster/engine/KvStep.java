package org.llavacluster.engine;

import java.util.List;

/**
 * Which rows of a step belong to which sequence, and where their K and V live. The rows of the step are those of the
 * first sequence, then those of the second, and so on.
 */
public record KvStep(List<Part> parts) {

    public KvStep {
        parts = List.copyOf(parts);
        if (parts.isEmpty()) {
            throw new IllegalArgumentException("a step needs at least one sequence");
        }
    }

    /**
     * The rows of one sequence: positions {@code start .. start + rows - 1}. Positions before {@code start} are in the
     * cache.
     *
     * @param blocks the sequence's block table: position p lives in {@code blocks[p / blockTokens]} at offset {@code p
     *     % blockTokens}; it covers at least {@code start + rows} positions
     */
    public record Part(int start, int rows, int[] blocks) {

        public Part {
            if (start < 0 || rows < 1) {
                throw new IllegalArgumentException("start " + start + ", rows " + rows);
            }
        }
    }

    /** Rows of all sequences together. */
    public int rows() {
        int rows = 0;
        for (Part part : parts) {
            rows += part.rows();
        }
        return rows;
    }
}
