/**
 * Offers a running cluster a mix of requests at given rates, and measures what its clients get. Start at {@code
 * ServeBench}.
 */
package org.llavacluster.cli.serve;
