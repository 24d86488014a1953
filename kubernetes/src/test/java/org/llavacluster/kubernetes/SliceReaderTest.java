package org.llavacluster.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.client.utils.Serialization;
import org.junit.jupiter.api.Test;
import org.llavacluster.node.membership.MemberRole;

class SliceReaderTest {

    private final SliceReader reader = new SliceReader("shop-llava");

    private static EndpointSlice slice(String service, String ports, String endpoints) {
        return Serialization.unmarshal("""
                apiVersion: discovery.k8s.io/v1
                kind: EndpointSlice
                metadata:
                  name: slice
                  labels: {kubernetes.io/service-name: %s}
                addressType: IPv4
                ports: %s
                endpoints: %s
                """.formatted(service, ports, endpoints), EndpointSlice.class);
    }

    @Test
    void shouldNameTheServicesByRole() {
        assertThat(reader.services())
                .containsExactlyInAnyOrder("shop-llava-vision", "shop-llava-projector", "shop-llava-decoder");
    }

    @Test
    void shouldReadPodsWithTheirConditions() {
        EndpointSlice slice =
                slice("shop-llava-projector", "[{name: http, port: 8080}, {name: grpc, port: 9000}]", """
                [{addresses: [10.0.0.1], targetRef: {kind: Pod, name: p-1}, conditions: {ready: true}},
                 {addresses: [10.0.0.2], targetRef: {kind: Pod, name: p-2},
                  conditions: {ready: false, serving: true, terminating: true}},
                 {addresses: [10.0.0.3], targetRef: {kind: Pod, name: p-3}}]""");

        assertThat(reader.read(slice))
                .containsExactly(
                        new SliceEndpoint("p-1", MemberRole.PROJECTOR, "10.0.0.1", 9000, true),
                        new SliceEndpoint("p-2", MemberRole.PROJECTOR, "10.0.0.2", 9000, false),
                        new SliceEndpoint("p-3", MemberRole.PROJECTOR, "10.0.0.3", 9000, true));
    }

    @Test
    void shouldLeaveOutWhatIsNoWorker() {
        String pod = "[{addresses: [10.0.0.1], targetRef: {kind: Pod, name: p-1}}]";
        String grpc = "[{name: grpc, port: 9000}]";

        assertThat(reader.read(slice("other", grpc, pod))).as("another Service").isEmpty();
        assertThat(reader.read(slice("shop-llava-vision", "[{name: http, port: 1}]", pod)))
                .as("no port named grpc")
                .isEmpty();
        assertThat(reader.read(slice("shop-llava-vision", grpc, "[{addresses: [10.0.0.1]}]")))
                .as("no pod")
                .isEmpty();
        assertThat(reader.read(slice("shop-llava-vision", grpc, "[]"))).isEmpty();
    }
}
