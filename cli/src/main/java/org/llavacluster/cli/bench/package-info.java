/**
 * Benchmarks of whole clusters, and the reports of all benchmarks. Start at {@code RequestBench} and {@code
 * BenchReport}.
 */
package org.llavacluster.cli.bench;
