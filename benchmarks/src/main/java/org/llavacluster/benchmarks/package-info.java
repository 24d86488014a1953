/** JMH benchmarks of single kernels on one thread; {@code ./llava bench} measures what they make together. */
package org.llavacluster.benchmarks;
