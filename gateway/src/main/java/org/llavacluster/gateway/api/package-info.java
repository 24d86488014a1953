/** The public gRPC API. Start at {@code LlavaService}. */
package org.llavacluster.gateway.api;
