package org.llavacluster.model.decoder;

import org.llavacluster.engine.HostTensor;

/** Consecutive rows of a sequence that come from one source. */
public sealed interface RowRun {

    int rows();

    /**
     * Token ids, each in {@code [0, vocabulary)}.
     *
     * @param ids at least one; not copied, so the caller must not change it
     */
    record Ids(int[] ids) implements RowRun {

        public Ids {
            if (ids.length == 0) {
                throw new IllegalArgumentException("a run of ids needs at least one");
            }
        }

        @Override
        public int rows() {
            return ids.length;
        }
    }

    /**
     * Rows {@code [firstRow, firstRow + rows)} of an image's embeddings.
     *
     * @param tensor {@code [at least firstRow + rows, hidden]} F32 or F16; read only during the step
     */
    record Embeddings(HostTensor tensor, int firstRow, int rows) implements RowRun {

        public Embeddings {
            if (firstRow < 0 || rows < 1 || firstRow + (long) rows > tensor.shape()[0]) {
                throw new IllegalArgumentException(
                        "rows " + firstRow + " to " + (firstRow + (long) rows) + " of " + tensor.shape()[0]);
            }
        }
    }
}
