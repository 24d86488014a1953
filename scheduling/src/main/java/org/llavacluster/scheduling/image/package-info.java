/** Images on their way through the vision nodes: where each goes, in which batch, and who waits for it. */
package org.llavacluster.scheduling.image;
