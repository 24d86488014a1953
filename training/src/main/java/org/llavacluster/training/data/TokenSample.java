package org.llavacluster.training.data;

import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;

/**
 * A conversation as token ids, the image as one id.
 *
 * @param image as in the record
 * @param ids {@code [n]}
 * @param labels {@code [n]}: the id where it is to be learned, else {@link #IGNORED}. Not shifted: the logits of row i
 *     predict {@code labels[i + 1]}
 */
public record TokenSample(String id, Optional<String> image, int[] ids, int[] labels) {

    /** The label of what is not learned. */
    public static final int IGNORED = -100;

    public TokenSample {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(image, "image");
        if (ids.length != labels.length) {
            throw new IllegalArgumentException(ids.length + " ids and " + labels.length + " labels");
        }
    }

    /**
     * The same with the image's id repeated once for each row of its embeddings, then cut.
     *
     * @param imageId the id that stands for an image
     * @param imageRows rows of the image's embeddings
     * @param maxLength most ids
     */
    public TokenSample merged(int imageId, int imageRows, int maxLength) {
        int[] mergedIds = new int[maxLength];
        int[] mergedLabels = new int[maxLength];
        int at = 0;
        for (int i = 0; i < ids.length && at < maxLength; i++) {
            boolean isImage = ids[i] == imageId;
            int end = Math.min(maxLength, at + (isImage ? imageRows : 1));
            Arrays.fill(mergedIds, at, end, ids[i]);
            Arrays.fill(mergedLabels, at, end, isImage ? IGNORED : labels[i]);
            at = end;
        }
        return new TokenSample(id, image, Arrays.copyOf(mergedIds, at), Arrays.copyOf(mergedLabels, at));
    }

    /** How many labels are learned: all but the first, which no row predicts. */
    public int targets() {
        int targets = 0;
        for (int i = 1; i < labels.length; i++) {
            targets += labels[i] == IGNORED ? 0 : 1;
        }
        return targets;
    }
}
