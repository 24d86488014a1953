/** The gateway's configuration. Start at {@code GatewayConfiguration}. */
package org.llavacluster.gateway.config;
