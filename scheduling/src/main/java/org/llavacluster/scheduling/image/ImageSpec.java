package org.llavacluster.scheduling.image;

import java.util.Objects;
import org.llavacluster.scheduling.name.ContentDigest;

/**
 * An image of a request.
 *
 * @param featureKey name of its features, made under the tenant's key
 * @param tiles tiles that the vision node encodes
 * @param rows of its embeddings
 */
public record ImageSpec(ContentDigest featureKey, int tiles, int rows) {

    public ImageSpec {
        Objects.requireNonNull(featureKey, "featureKey");
        if (tiles < 1 || rows < 1) {
            throw new IllegalArgumentException("an image of " + tiles + " tiles, " + rows + " rows");
        }
    }
}
