package org.llavacluster.vision.encode;

import org.llavacluster.engine.HostTensor;

/**
 * An image ready for the engine.
 *
 * @param pixels {@code [tiles, 3, side, side]} F32, in memory that the backend reads; closed by the taker of the image
 */
record PreparedImage(EncodeJob job, HostTensor pixels) {

    int tiles() {
        return job.layout().tiles();
    }
}
