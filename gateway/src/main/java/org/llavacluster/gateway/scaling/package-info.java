/**
 * What the gateway tells an autoscaler, and requests that wait for a role which was scaled to zero. Start at {@link
 * org.llavacluster.gateway.scaling.GatewayScaling}.
 */
package org.llavacluster.gateway.scaling;
