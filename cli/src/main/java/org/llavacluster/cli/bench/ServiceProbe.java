package org.llavacluster.cli.bench;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.llavacluster.cli.CliException;
import org.llavacluster.cli.cluster.LocalCluster;

/** Reads the metrics of a running service. */
public final class ServiceProbe implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final String id;
    private final URI metrics;
    private final HttpClient http = HttpClient.newHttpClient();

    public ServiceProbe(LocalCluster.Service service) {
        this(service.id(), URI.create(service.http()));
    }

    /** @param base URL of the service's HTTP port */
    public ServiceProbe(String id, URI base) {
        this.id = id;
        this.metrics = base.resolve("/q/metrics");
    }

    /** Prompt rows that the decoder has computed since its start. */
    public long prefillRows() {
        return (long) metrics().sum("llava_decoder_step_rows_total", "kind=\"prefill\"");
    }

    /**
     * All metrics as they are now.
     *
     * @throws CliException if the service does not answer
     */
    public MetricsText metrics() {
        CompletableFuture<HttpResponse<String>> answer =
                http.sendAsync(HttpRequest.newBuilder(metrics).build(), HttpResponse.BodyHandlers.ofString());
        try {
            return new MetricsText(
                    answer.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS).body());
        } catch (ExecutionException e) {
            throw new CliException(
                    id + ": its metrics cannot be read: " + e.getCause().getMessage(), e);
        } catch (TimeoutException e) {
            answer.cancel(true);
            throw new CliException(id + ": its metrics did not come within " + PATIENCE.toSeconds() + " s", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CliException("interrupted", e);
        }
    }

    @Override
    public void close() {
        http.close();
    }
}
