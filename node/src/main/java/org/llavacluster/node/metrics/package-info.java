/** The metrics that all processes share. Start at {@code StageMetrics}. */
package org.llavacluster.node.metrics;
