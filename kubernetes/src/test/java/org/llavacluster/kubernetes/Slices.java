package org.llavacluster.kubernetes;

import io.fabric8.kubernetes.api.model.discovery.v1.Endpoint;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSliceBuilder;

/** Endpoint slices as the control plane writes them. */
final class Slices {

    private Slices() {}

    static EndpointSlice of(String name, String service, Endpoint... endpoints) {
        return new EndpointSliceBuilder()
                .withNewMetadata()
                .withName(name)
                .withNamespace("shop")
                .addToLabels(SliceReader.SERVICE_LABEL, service)
                .endMetadata()
                .withAddressType("IPv4")
                .addNewPort()
                .withName("grpc")
                .withPort(9000)
                .endPort()
                .withEndpoints(endpoints)
                .build();
    }

    static Endpoint ready(String pod, String host) {
        return endpoint(pod, host, true);
    }

    static Endpoint notReady(String pod, String host) {
        return endpoint(pod, host, false);
    }

    private static Endpoint endpoint(String pod, String host, boolean ready) {
        return new EndpointBuilder()
                .withAddresses(host)
                .withNewConditions()
                .withReady(ready)
                .endConditions()
                .withNewTargetRef()
                .withKind("Pod")
                .withName(pod)
                .endTargetRef()
                .build();
    }
}
