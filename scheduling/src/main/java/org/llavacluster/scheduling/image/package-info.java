/**
 * Images on their way through the vision nodes: where each goes, in which batch, and which requests wait for it. Start
 * at {@link EncodeFlightBook}.
 */
package org.llavacluster.scheduling.image;
