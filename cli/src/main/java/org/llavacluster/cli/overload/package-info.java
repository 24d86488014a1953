/**
 * Offers a cluster more requests than it can answer and measures what it still answers, and how fast it refuses the
 * rest. Start at {@code OverloadBench}.
 */
package org.llavacluster.cli.overload;
