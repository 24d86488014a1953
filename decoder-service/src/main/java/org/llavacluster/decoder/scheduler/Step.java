package org.llavacluster.decoder.scheduler;

import java.util.List;
import org.llavacluster.model.decoder.RowRun;

/** What the engine computes next: rows of several sequences at once. */
public record Step(List<Part> parts) {

    public Step {
        parts = List.copyOf(parts);
    }

    /**
     * Rows {@code [start, start + rows)} of one sequence.
     *
     * @param blocks the block table; valid until the next call of {@link Scheduler#step}
     * @param sample whether to sample a token from the logits of the last row
     * @param prefill whether the rows count against the prefill budget
     */
    public record Part(long id, int start, int rows, int[] blocks, List<RowRun> runs, boolean sample, boolean prefill) {

        public Part {
            runs = List.copyOf(runs);
        }
    }

    public int prefillRows() {
        int rows = 0;
        for (Part part : parts) {
            rows += part.prefill() ? part.rows() : 0;
        }
        return rows;
    }

    public int decodeRows() {
        int rows = 0;
        for (Part part : parts) {
            rows += part.prefill() ? 0 : part.rows();
        }
        return rows;
    }
}
