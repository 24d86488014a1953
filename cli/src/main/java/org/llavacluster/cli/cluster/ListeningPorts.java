package org.llavacluster.cli.cluster;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.util.Locale;
import org.llavacluster.cli.CliException;
import org.llavacluster.cli.options.GatewaySettings;

/** Checks whether a gateway can listen on its ports before any process starts. */
final class ListeningPorts {

    private ListeningPorts() {}

    /**
     * @throws CliException naming the option to change, and why
     */
    static void requireFree(GatewaySettings gateway) {
        InetAddress address = address(gateway.host());
        requireFree("--grpc-port", address, gateway.grpcPort());
        requireFree("--http-port", address, gateway.httpPort());
    }

    /** Whether only this machine can reach the address. */
    static boolean isLocal(String host) {
        return address(host).isLoopbackAddress();
    }

    private static InetAddress address(String host) {
        try {
            return InetAddress.getByName(host);
        } catch (UnknownHostException e) {
            throw new CliException("--host " + host + ": there is no such address or name", e);
        }
    }

    private static void requireFree(String option, InetAddress address, int port) {
        try (ServerSocket probe = new ServerSocket()) {
            probe.bind(new InetSocketAddress(address, port));
        } catch (IOException e) {
            throw new CliException(reason(option, address.getHostAddress(), port, String.valueOf(e.getMessage())), e);
        }
    }

    /**
     * @param cause in the operating system's words
     */
    private static String reason(String option, String address, int port, String cause) {
        String lower = cause.toLowerCase(Locale.ROOT);
        if (lower.contains("in use")) {
            return option + " " + port + " is in use on " + address + ": choose another, or 0 for any free one";
        }
        if (lower.contains("assign")) {
            return "--host " + address + " is not an address of this machine";
        }
        if (lower.contains("permission")) {
            return option + " " + port + " needs more rights than this user has: choose one above 1023, or 0 for any"
                    + " free one";
        }
        return option + " " + port + " cannot be opened on " + address + ": " + cause;
    }
}
