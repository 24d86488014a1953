/** Assembles the gateway and connects it to Quarkus. Start at {@code Gateway}, which lists the layers of a request. */
package org.llavacluster.gateway.service;
