package org.llavacluster.simulator.history;

import org.llavacluster.scheduling.name.ContentDigest;

/** What contents and names mean in the simulation. */
public final class Universe {

    /** One image in so many cannot be decoded, by its content. */
    private static final int BROKEN = 40;

    /** Crops of an image, from 1 to 5, by its content. */
    private static final int MOST_TILES = 5;

    private Universe() {}

    public static boolean isBroken(long image) {
        return Math.floorMod(ContentDigest.scramble(image ^ 77), BROKEN) == 0;
    }

    public static int tiles(long image) {
        return 1 + Math.floorMod(ContentDigest.scramble(image ^ 99), MOST_TILES);
    }

    /** The FeatureKey of an image under a tenant's key and a revision. */
    public static ContentDigest featureKey(String tenant, long image, String revision) {
        long salt = ContentDigest.scramble((tenant + "/" + revision).hashCode());
        return new ContentDigest(
                ContentDigest.scramble(salt ^ image),
                ContentDigest.scramble(salt + image),
                ContentDigest.scramble(salt),
                ContentDigest.scramble(image));
    }

    /** Digest of a whole request. */
    public static ContentDigest requestDigest(long prompt) {
        return new ContentDigest(
                ContentDigest.scramble(prompt),
                ContentDigest.scramble(prompt + 1),
                prompt,
                ContentDigest.scramble(~prompt));
    }
}
