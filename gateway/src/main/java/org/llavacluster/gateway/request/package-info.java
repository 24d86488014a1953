/** From a draft to a validated request, under one set of limits. Start at {@code RequestParser}. */
package org.llavacluster.gateway.request;
