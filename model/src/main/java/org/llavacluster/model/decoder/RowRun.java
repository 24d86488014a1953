package org.llavacluster.model.decoder;

/**
 * Consecutive rows of a sequence that come from one source. The decoder's scheduler plans steps in them, so they name
 * images by number; {@link SequenceRows} adds the tensors.
 */
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
     * @param image number of the image in the sequence
     */
    record Image(int image, int firstRow, int rows) implements RowRun {

        public Image {
            if (image < 0 || firstRow < 0 || rows < 1) {
                throw new IllegalArgumentException("image " + image + ", row " + firstRow + ", " + rows + " rows");
            }
        }
    }
}
