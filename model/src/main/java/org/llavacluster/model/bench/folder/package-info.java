/** Model folders of real sizes with random weights, as processes load them. */
package org.llavacluster.model.bench.folder;
