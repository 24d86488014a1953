/** Measures models of real sizes with random weights. Start at {@code DecodeBench}. */
package org.llavacluster.model.bench;
