package org.llavacluster.cli.soak;

import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.llavacluster.cli.client.GatewayClient;

/**
 * The cluster that is soaked.
 *
 * @param grpc closed when the soak is over
 * @param http URL of the gateway's HTTP API; empty: nothing is sent there
 * @param processes those that run now and are looked at
 */
public record SoakTarget(GatewayClient grpc, Optional<URI> http, Supplier<List<SoakedProcess>> processes) {

    List<SoakProtocol> protocols() {
        return http.isPresent()
                ? List.of(SoakProtocol.GRPC, SoakProtocol.HTTP, SoakProtocol.HTTP_STREAM)
                : List.of(SoakProtocol.GRPC);
    }
}
