package org.llavacluster.training.run;

import java.util.Objects;
import java.util.Optional;
import org.llavacluster.engine.HostTensor;
import org.llavacluster.training.data.TokenSample;

/**
 * A conversation with what the frozen vision tower makes of its image.
 *
 * @param tokens merged: an id for each row of the image
 * @param image absent for text alone
 */
public record LearningSample(TokenSample tokens, Optional<ImageFeatures> image) {

    /**
     * Features of an image, or its pixels for a tower that learns.
     *
     * @param features {@code [rows, inputSize]} or {@code [tiles, channels, side, side]} F32
     * @param rowOrder for each row that enters the decoder the row of the features; the number of rows is the newline
     */
    public record ImageFeatures(HostTensor features, int[] rowOrder) {

        public ImageFeatures {
            Objects.requireNonNull(features, "features");
            Objects.requireNonNull(rowOrder, "rowOrder");
        }
    }

    public LearningSample {
        Objects.requireNonNull(tokens, "tokens");
        Objects.requireNonNull(image, "image");
    }
}
