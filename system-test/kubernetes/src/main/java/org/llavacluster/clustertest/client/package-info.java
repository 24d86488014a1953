/**
 * What runs in pods of the cluster under test: a client that loads a gateway ({@link
 * org.llavacluster.clustertest.client.LoadProgram}), and one that finds out which connections are open ({@link
 * org.llavacluster.clustertest.client.ConnectProgram}). They use the JDK alone. {@link
 * org.llavacluster.clustertest.client.ClientImage} makes their image.
 */
package org.llavacluster.clustertest.client;
