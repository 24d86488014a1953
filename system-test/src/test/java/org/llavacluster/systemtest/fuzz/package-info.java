/**
 * Sends changed requests to the ports of a running cluster. Start with {@link
 * org.llavacluster.systemtest.fuzz.EntranceFuzzTest}.
 */
package org.llavacluster.systemtest.fuzz;
