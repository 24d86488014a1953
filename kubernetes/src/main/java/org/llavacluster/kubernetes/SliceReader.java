package org.llavacluster.kubernetes;

import io.fabric8.kubernetes.api.model.discovery.v1.Endpoint;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointPort;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.llavacluster.node.config.NodeConfiguration;
import org.llavacluster.node.membership.MemberRole;

/**
 * Reads the endpoints of the workers out of endpoint slices. The Services of the workers are named by role: {@code
 * PREFIX-vision}, {@code PREFIX-projector} and {@code PREFIX-decoder}.
 */
final class SliceReader {

    /** The label that says whose endpoints a slice has. */
    static final String SERVICE_LABEL = "kubernetes.io/service-name";

    /** The port's name in the Services. */
    private static final String PORT_NAME = "grpc";

    private final Map<MemberRole, String> services = new EnumMap<>(MemberRole.class);

    SliceReader(String prefix) {
        for (MemberRole role : MemberRole.values()) {
            services.put(role, prefix + "-" + role.name().toLowerCase(Locale.ROOT));
        }
    }

    /** The names of the workers' Services. */
    List<String> services() {
        return List.copyOf(services.values());
    }

    /** The endpoints of a slice. Those without a pod, an address or a port named grpc are left out. */
    List<SliceEndpoint> read(EndpointSlice slice) {
        Optional<MemberRole> role = role(slice);
        Optional<Integer> port = port(slice);
        if (role.isEmpty() || port.isEmpty()) {
            return List.of();
        }
        List<SliceEndpoint> endpoints = new ArrayList<>();
        for (Endpoint endpoint : reachable(slice)) {
            boolean hasPod = endpoint.getTargetRef() != null
                    && endpoint.getTargetRef().getName() != null
                    && NodeConfiguration.isId(endpoint.getTargetRef().getName());
            if (hasPod) {
                endpoints.add(new SliceEndpoint(
                        endpoint.getTargetRef().getName(),
                        role.get(),
                        endpoint.getAddresses().getFirst(),
                        port.get(),
                        isReady(endpoint)));
            }
        }
        return endpoints;
    }

    private Optional<MemberRole> role(EndpointSlice slice) {
        Map<String, String> labels = slice.getMetadata().getLabels();
        String service = labels == null ? null : labels.get(SERVICE_LABEL);
        return services.entrySet().stream()
                .filter(entry -> entry.getValue().equals(service))
                .map(Map.Entry::getKey)
                .findFirst();
    }

    /** The endpoints of a slice that have an address. A slice without any has null in place of the list. */
    static List<Endpoint> reachable(EndpointSlice slice) {
        return Optional.ofNullable(slice.getEndpoints()).orElse(List.of()).stream()
                .filter(endpoint -> endpoint.getAddresses() != null
                        && !endpoint.getAddresses().isEmpty())
                .toList();
    }

    /** The number of the port named grpc. */
    static Optional<Integer> port(EndpointSlice slice) {
        return Optional.ofNullable(slice.getPorts()).orElse(List.of()).stream()
                .filter(port -> PORT_NAME.equals(port.getName()))
                .map(EndpointPort::getPort)
                .filter(port -> port != null && port >= 1 && port <= 65_535)
                .findFirst();
    }

    /** An absent condition means ready, as the API of endpoint slices says. */
    private static boolean isReady(Endpoint endpoint) {
        return endpoint.getConditions() == null
                || !Boolean.FALSE.equals(endpoint.getConditions().getReady());
    }
}
