/**
 * JMH benchmarks of single kernels on one thread; {@code ./llava bench} measures what they make together. Start at
 * {@link MatrixBenchmark}.
 */
package org.llavacluster.benchmarks;
