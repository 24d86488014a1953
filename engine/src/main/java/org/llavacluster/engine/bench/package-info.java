/** Measures the limits of this machine and the fraction of them that the engine reaches; start with
 * {@link org.llavacluster.engine.bench.LinearBench}. */
package org.llavacluster.engine.bench;
