/** Writes model folders of real sizes with random weights, for processes to load. Start at {@code RandomFolder}. */
package org.llavacluster.model.bench.folder;
