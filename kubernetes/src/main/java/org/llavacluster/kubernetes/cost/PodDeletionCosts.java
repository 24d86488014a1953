package org.llavacluster.kubernetes.cost;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import java.net.HttpURLConnection;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jboss.logging.Logger;
import org.llavacluster.node.time.Clock;

/**
 * Writes the annotation {@value #ANNOTATION} of pods: a Deployment that shrinks deletes the pods with the least cost
 * first. Only pods that it is given are written, and of them only this annotation.
 */
public final class PodDeletionCosts implements AutoCloseable {

    public static final String ANNOTATION = "controller.kubernetes.io/pod-deletion-cost";

    private static final Logger LOG = Logger.getLogger(PodDeletionCosts.class);
    private static final int MOST_AT_ONCE = 10;
    private static final Duration INTERVAL = Duration.ofSeconds(5);
    private static final Duration WRITE_TIME = Duration.ofSeconds(5);
    private static final String CONTENT_TYPE = "application/strategic-merge-patch+json";
    private static final String PATCH = "{\"metadata\":{\"annotations\":{\"%s\":\"%d\"}}}";

    private final KubernetesClient client;
    private final String namespace;
    private final Clock clock;
    private final DeletionCostPlan plan;
    private final ExecutorService writer = Executors.newSingleThreadExecutor(
            Thread.ofVirtual().name("pod-deletion-cost").factory());
    private final AtomicBoolean writing = new AtomicBoolean();
    private String complaint = ""; // what was logged last

    /** @param client not closed with this */
    public PodDeletionCosts(KubernetesClient client, String namespace, Clock clock) {
        this(client, namespace, clock, new DeletionCostPlan(MOST_AT_ONCE, INTERVAL.toNanos()));
    }

    PodDeletionCosts(KubernetesClient client, String namespace, Clock clock, DeletionCostPlan plan) {
        this.client = client;
        this.namespace = namespace;
        this.clock = clock;
        this.plan = plan;
    }

    /**
     * Writes what changed, on a thread of its own. While that goes on, further calls do nothing.
     *
     * @param work requests by pod, of all decoders that are there
     */
    public void update(Map<String, Integer> work) {
        if (writing.compareAndSet(false, true)) {
            writer.execute(() -> {
                try {
                    plan.changes(clock.nanoTime(), work).forEach(this::write);
                } finally {
                    writing.set(false);
                }
            });
        }
    }

    private void write(DeletionCostPlan.Change change) {
        String fault;
        try {
            HttpResponse<String> response = client.getHttpClient()
                    .sendAsync(request(change), String.class)
                    .get(WRITE_TIME.toSeconds(), TimeUnit.SECONDS);
            fault = switch (response.code()) {
                case HttpURLConnection.HTTP_OK -> "";
                // A pod that is gone needs no cost: it leaves the members soon.
                case HttpURLConnection.HTTP_NOT_FOUND -> complaint;
                case HttpURLConnection.HTTP_FORBIDDEN -> "the service account may not patch pods";
                default -> "the API server answers " + response.code();
            };
            if (response.code() != HttpURLConnection.HTTP_OK) {
                plan.failed(clock.nanoTime(), change.pod());
            }
        } catch (ExecutionException | TimeoutException e) {
            fault = e.getCause() == null ? "no answer within " + WRITE_TIME.toSeconds() + " s" : e.getMessage();
            plan.failed(clock.nanoTime(), change.pod());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return;
        }
        complain(fault);
    }

    /** The client's own method for patches reads the pod first, which needs another right. */
    private HttpRequest request(DeletionCostPlan.Change change) {
        URI pod = URI.create(client.getMasterUrl() + "api/v1/namespaces/%s/pods/%s".formatted(namespace, change.pod()));
        return client.getHttpClient()
                .newHttpRequestBuilder()
                .uri(pod)
                .method("PATCH", CONTENT_TYPE, PATCH.formatted(ANNOTATION, change.cost()))
                .build();
    }

    /** Logs each reason once, not with each try. */
    private void complain(String fault) {
        if (!fault.isEmpty() && !fault.equals(complaint)) {
            LOG.warnf("the deletion costs of decoder pods cannot be written: %s", fault);
        }
        complaint = fault;
    }

    @Override
    public void close() {
        writer.shutdownNow();
    }
}
