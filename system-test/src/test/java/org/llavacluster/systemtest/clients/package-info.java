/**
 * The client matrix: programs that use the SDKs people use, each against a real cluster, scenario by scenario. A
 * {@link org.llavacluster.systemtest.clients.ClientScenario} is a row, a
 * {@link org.llavacluster.systemtest.clients.MatrixClient} a column; {@code docs/clients.md} shows the table.
 */
package org.llavacluster.systemtest.clients;
