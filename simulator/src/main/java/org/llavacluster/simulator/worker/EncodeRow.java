package org.llavacluster.simulator.worker;

import org.llavacluster.scheduling.name.ContentDigest;

/**
 * An image of a batch as it is sent.
 *
 * @param content stands for the file
 * @param tenant for whose request it is encoded
 */
public record EncodeRow(ContentDigest featureKey, long content, int tiles, String tenant) {

    public EncodeRow withContent(long other) {
        return new EncodeRow(featureKey, other, tiles, tenant);
    }
}
