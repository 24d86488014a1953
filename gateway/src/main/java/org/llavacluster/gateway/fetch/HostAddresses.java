package org.llavacluster.gateway.fetch;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

/** Resolves the name of a host. */
@FunctionalInterface
interface HostAddresses {

    List<InetAddress> of(String host) throws UnknownHostException;
}
