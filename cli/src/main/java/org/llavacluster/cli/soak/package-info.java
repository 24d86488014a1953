/**
 * The soak: a steady, seeded mix of requests to a cluster for minutes or hours, the memory, threads and file
 * descriptors of its processes meanwhile, and a verdict on them. Start at {@link Soak}.
 */
package org.llavacluster.cli.soak;
