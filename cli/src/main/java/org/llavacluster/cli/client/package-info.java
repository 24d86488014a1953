/** A client of the gateway's gRPC API, and its error messages. Start at {@code GatewayClient}. */
package org.llavacluster.cli.client;
