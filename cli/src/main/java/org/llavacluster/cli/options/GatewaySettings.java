package org.llavacluster.cli.options;

import java.util.LinkedHashMap;
import java.util.Map;
import org.llavacluster.cli.CliException;

/**
 * The addresses of a local cluster's gateway, and its own properties.
 *
 * @param host name or address to listen on
 * @param grpcPort 0 for any free port
 * @param httpPort 0 for any free port
 * @param others further properties of the gateway process
 */
public record GatewaySettings(String host, int grpcPort, int httpPort, Map<String, String> others) {

    private static final String LOOPBACK = "127.0.0.1";
    private static final int MAX_PORT = 65_535;

    public GatewaySettings {
        OptionRange.requireBetween("--grpc-port", grpcPort, 0, MAX_PORT);
        OptionRange.requireBetween("--http-port", httpPort, 0, MAX_PORT);
        if (grpcPort != 0 && grpcPort == httpPort) {
            throw new CliException("--grpc-port and --http-port must differ: both are " + grpcPort);
        }
        others = Map.copyOf(others);
    }

    /** On this machine only, without further properties. */
    public static GatewaySettings loopback(int grpcPort, int httpPort) {
        return new GatewaySettings(LOOPBACK, grpcPort, httpPort, Map.of());
    }

    /** These settings as properties of the gateway process. */
    public Map<String, String> properties() {
        Map<String, String> properties = new LinkedHashMap<>(others);
        properties.put("llava.node.host", host);
        properties.put("llava.node.port", Integer.toString(grpcPort));
        properties.put("quarkus.http.host", host);
        properties.put("quarkus.http.port", Integer.toString(httpPort));
        return properties;
    }
}
