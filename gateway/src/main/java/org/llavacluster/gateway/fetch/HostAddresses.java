package org.llavacluster.gateway.fetch;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

/** Resolves a host's name. */
@FunctionalInterface
interface HostAddresses {

    List<InetAddress> of(String host) throws UnknownHostException;
}
