package org.llavacluster.kubernetes.cost;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import io.fabric8.mockwebserver.http.RecordedRequest;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.llavacluster.node.time.Clock;

@Timeout(120)
class PodDeletionCostsTest {

    private static final String POD = "/api/v1/namespaces/shop/pods/llava-decoder-a";
    private static final long NO_INTERVAL = 0;

    private final KubernetesMockServer server = new KubernetesMockServer(false);
    private KubernetesClient client;
    private PodDeletionCosts costs;

    @BeforeEach
    void start() {
        server.init();
        client = server.createClient();
        client.getConfiguration().setRequestRetryBackoffLimit(0);
        costs = new PodDeletionCosts(client, "shop", Clock.SYSTEM, new DeletionCostPlan(10, NO_INTERVAL));
    }

    @AfterEach
    void stop() {
        costs.close();
        client.close();
        server.destroy();
    }

    private RecordedRequest next() throws InterruptedException {
        RecordedRequest request = server.takeRequest(60, TimeUnit.SECONDS);
        assertThat(request).as("a request within 60 s").isNotNull();
        return request;
    }

    @Test
    void shouldPatchThatAnnotationOfThatPodAndAskNothingElse() throws InterruptedException {
        server.expect()
                .patch()
                .withPath(POD)
                .andReturn(200, new PodBuilder().build())
                .always();
        costs.update(Map.of("llava-decoder-a", 7, "llava-decoder-b", 0));
        RecordedRequest request = next();
        assertThat(request.getMethod()).isEqualTo("PATCH");
        assertThat(request.getPath()).startsWith(POD);
        assertThat(request.getHeader("Content-Type")).startsWith("application/strategic-merge-patch+json");
        assertThat(request.getBody().readUtf8())
                .isEqualTo("{\"metadata\":{\"annotations\":{\"controller.kubernetes.io/pod-deletion-cost\":\"7\"}}}");
        assertThat(server.getRequestCount()).isEqualTo(1);
    }

    /** Whatever the API server answers, the next change is written. */
    @ParameterizedTest
    @ValueSource(ints = {403, 404, 409, 500})
    void shouldGoOnAfterARefusal(int status) throws InterruptedException {
        server.expect().patch().withPath(POD).andReturn(status, "").once();
        server.expect()
                .patch()
                .withPath(POD)
                .andReturn(200, new PodBuilder().build())
                .always();
        costs.update(Map.of("llava-decoder-a", 7));
        assertThat(next().getBody().readUtf8()).contains("\"7\"");
        // The writer may still be at the first; then an update does nothing, and the next one counts.
        for (RecordedRequest again = null; again == null; again = server.takeRequest(10, TimeUnit.MILLISECONDS)) {
            costs.update(Map.of("llava-decoder-a", 8));
        }
    }
}
