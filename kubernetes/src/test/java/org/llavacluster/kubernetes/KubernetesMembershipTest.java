package org.llavacluster.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.StatusBuilder;
import io.fabric8.kubernetes.api.model.WatchEvent;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSliceBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSliceListBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.server.mock.KubernetesCrudDispatcher;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import io.fabric8.mockwebserver.Context;
import io.fabric8.mockwebserver.MockWebServer;
import java.net.InetAddress;
import java.util.HashMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.llavacluster.node.membership.Member;
import org.llavacluster.node.membership.MemberRole;

@Timeout(120)
class KubernetesMembershipTest {

    private static final String LIST = "/apis/discovery.k8s.io/v1/namespaces/shop/endpointslices?labelSelector="
            + "kubernetes.io%2Fservice-name%3Dllava-decoder";
    private static final String NEWEST = LIST + "&resourceVersion=0";

    private static final EndpointSlice BEFORE = Slices.of("d", "llava-decoder", Slices.ready("d-1", "10.0.0.1"));
    private static final EndpointSlice AFTER =
            Slices.of("d", "llava-decoder", Slices.ready("d-1", "10.0.0.1"), Slices.ready("d-2", "10.0.0.2"));
    private static final EndpointSlice LATER = Slices.of(
            "d",
            "llava-decoder",
            Slices.ready("d-1", "10.0.0.1"),
            Slices.ready("d-2", "10.0.0.2"),
            Slices.ready("d-3", "10.0.0.3"));

    private static final WatchEvent GONE =
            new WatchEvent(new StatusBuilder().withCode(410).withReason("Gone").build(), "ERROR");

    private static KubernetesMockServer cluster() {
        return new KubernetesMockServer(
                new Context(), new MockWebServer(), new HashMap<>(), new KubernetesCrudDispatcher(), false);
    }

    private static void put(KubernetesClient client, EndpointSlice slice) {
        client.discovery()
                .v1()
                .endpointSlices()
                .inNamespace("shop")
                .resource(slice)
                .createOr(resource -> resource.update());
    }

    @Test
    void shouldFollowTheSlicesOfAllRoles() throws Exception {
        KubernetesMockServer server = cluster();
        server.init();
        try (KubernetesClient client = server.createClient();
                MembershipRig rig = new MembershipRig(server.url("/"))) {
            put(client, Slices.of("d", "llava-decoder", Slices.ready("d-1", "10.0.0.1")));
            rig.await("d-1");
            put(
                    client,
                    Slices.of(
                            "v", "llava-vision", Slices.ready("v-1", "10.0.0.2"), Slices.notReady("v-2", "10.0.0.3")));
            put(client, Slices.of("x", "another-decoder", Slices.ready("x-1", "10.0.0.9")));
            put(client, Slices.of("p", "llava-projector", Slices.ready("p-1", "10.0.0.4")));
            rig.await("d-1", "p-1", "v-1");
            assertThat(rig.membership.find("p-1")).contains(new Member("p-1", MemberRole.PROJECTOR, "10.0.0.4", 9000));

            put(
                    client,
                    Slices.of(
                            "d", "llava-decoder", Slices.notReady("d-1", "10.0.0.1"), Slices.ready("d-2", "10.0.0.5")));
            rig.await("d-1", "d-2", "p-1", "v-1");

            client.discovery()
                    .v1()
                    .endpointSlices()
                    .inNamespace("shop")
                    .withName("v")
                    .delete();
            rig.await("d-1", "d-2", "p-1");
        } finally {
            server.destroy();
        }
    }

    /**
     * The first server goes away only after an event has arrived over its watch. A client whose first watch fails asks
     * for it again by plain HTTP, which this server cannot answer but an API server can.
     */
    @Test
    void shouldKeepTheMembersWhileTheServerIsAwayAndFollowItAfterwards() throws Exception {
        KubernetesMockServer first = scripted();
        first.expect().get().withPath(NEWEST).andReturn(200, list("1", BEFORE)).once();
        first.expect()
                .get()
                .withPath(watchFrom("1"))
                .andUpgradeToWebSocket()
                .open()
                .immediately()
                .andEmit(new WatchEvent(versioned("2", AFTER), "MODIFIED"))
                .done()
                .once();
        first.expect()
                .get()
                .withPath(watchFrom("2"))
                .andUpgradeToWebSocket()
                .open()
                .done()
                .always();
        first.init();
        int port = first.getPort();
        try (MembershipRig rig = new MembershipRig(first.url("/"))) {
            rig.await("d-1", "d-2");

            first.destroy();
            assertThat(rig.ids()).containsExactly("d-1", "d-2");
            // What happened meanwhile is more than the server remembers.
            KubernetesMockServer second = scripted();
            second.expect()
                    .get()
                    .withPath(watchFrom("2"))
                    .andUpgradeToWebSocket()
                    .open()
                    .immediately()
                    .andEmit(GONE)
                    .done()
                    .always();
            second.expect()
                    .get()
                    .withPath(LIST)
                    .andReturn(200, list("9", LATER))
                    .always();
            second.init(InetAddress.getLoopbackAddress(), port);
            try {
                rig.await("d-1", "d-2", "d-3");
            } finally {
                second.destroy();
            }
        }
    }

    @Test
    void shouldTryAgainAfterRefusalsAndListAgainAfterGone() throws Exception {
        KubernetesMockServer server = scripted();
        server.expect()
                .get()
                .withPath(NEWEST)
                .andReturn(403, "no such permission")
                .once();
        server.expect().get().withPath(NEWEST).andReturn(500, "broken").once();
        server.expect().get().withPath(NEWEST).andReturn(200, list("1", BEFORE)).once();
        server.expect()
                .get()
                .withPath(watchFrom("1"))
                .andUpgradeToWebSocket()
                .open()
                .waitFor(200)
                .andEmit(GONE)
                .done()
                .once();
        server.expect().get().withPath(LIST).andReturn(200, list("9", AFTER)).always();
        server.init();
        try (MembershipRig rig = new MembershipRig(server.url("/"))) {
            rig.await("d-1", "d-2");
        } finally {
            server.destroy();
        }
    }

    /** A server that answers as expected, and 404 otherwise. */
    private static KubernetesMockServer scripted() {
        return new KubernetesMockServer(false);
    }

    private static String watchFrom(String version) {
        return LIST.replace("?", "?allowWatchBookmarks=true&") + "&resourceVersion=" + version
                + "&timeoutSeconds=600&watch=true";
    }

    private static Object list(String version, EndpointSlice slice) {
        return new EndpointSliceListBuilder()
                .withNewMetadata(null, null, version, null)
                .withItems(versioned(version, slice))
                .build();
    }

    /** As the API server has it. The informer tells changes by the version of a slice. */
    private static EndpointSlice versioned(String version, EndpointSlice slice) {
        return new EndpointSliceBuilder(slice)
                .editMetadata()
                .withResourceVersion(version)
                .endMetadata()
                .build();
    }
}
