package org.llavacluster.node.server;

/** The one line on standard output by which launchers know that a process serves, and where. */
public final class ReadyLine {

    private ReadyLine() {}

    /** {@code ready id=vision-0 role=vision grpc=127.0.0.1:40001 http=http://127.0.0.1:40002} */
    public static String of(NodeIdentity identity, String host, int grpcPort, String httpHost, int httpPort) {
        return "ready id=" + identity.id() + " role=" + identity.role() + " grpc=" + bracketed(host) + ":" + grpcPort
                + " http=http://" + bracketed(httpHost) + ":" + httpPort;
    }

    /** IPv6 literals need brackets before a port. */
    private static String bracketed(String host) {
        return host.indexOf(':') >= 0 ? "[" + host + "]" : host;
    }
}
