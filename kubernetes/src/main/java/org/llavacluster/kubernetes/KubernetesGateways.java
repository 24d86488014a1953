package org.llavacluster.kubernetes;

import io.fabric8.kubernetes.api.model.discovery.v1.Endpoint;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;

/**
 * The other gateways of a release, from the endpoint slices of their common Service. Those that are not ready are among
 * them: requests may wait there too. While the API server cannot be reached, the last ones stay.
 */
public final class KubernetesGateways implements AutoCloseable {

    private final String ownPod;
    private final SharedIndexInformer<EndpointSlice> slices;

    /**
     * Starts to watch. Does not wait for the API server.
     *
     * @param service whose port is named grpc
     * @param ownPod name of this gateway's pod, which is left out
     */
    public KubernetesGateways(KubernetesClient client, String namespace, String service, String ownPod) {
        this.ownPod = ownPod;
        this.slices = client.discovery()
                .v1()
                .endpointSlices()
                .inNamespace(namespace)
                .withLabel(SliceReader.SERVICE_LABEL, service)
                .runnableInformer(0)
                .exceptionHandler((started, thrown) -> true);
        slices.start();
    }

    /** Addresses of their gRPC ports. */
    public List<InetSocketAddress> addresses() {
        List<InetSocketAddress> addresses = new ArrayList<>();
        for (EndpointSlice slice : slices.getStore().list()) {
            SliceReader.port(slice).ifPresent(port -> SliceReader.reachable(slice).stream()
                    .filter(this::isOther)
                    .map(endpoint ->
                            new InetSocketAddress(endpoint.getAddresses().getFirst(), port))
                    .forEach(addresses::add));
        }
        return addresses;
    }

    private boolean isOther(Endpoint endpoint) {
        return endpoint.getTargetRef() == null
                || !ownPod.equals(endpoint.getTargetRef().getName());
    }

    @Override
    public void close() {
        slices.stop();
    }
}
