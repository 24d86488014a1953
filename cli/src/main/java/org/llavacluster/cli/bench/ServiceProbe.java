package org.llavacluster.cli.bench;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.llavacluster.cli.CliException;
import org.llavacluster.cli.cluster.LocalCluster;

/** Reads the metrics and memory of a running service from outside. */
public final class ServiceProbe implements AutoCloseable {

    private static final Pattern RESIDENT = Pattern.compile("^VmRSS:\\s+(\\d+) kB$", Pattern.MULTILINE);
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final LocalCluster.Service service;
    private final HttpClient http = HttpClient.newHttpClient();

    public ServiceProbe(LocalCluster.Service service) {
        this.service = service;
    }

    /** Prompt rows that the decoder has computed since its start. */
    public long prefillRows() {
        return (long) sum(metrics(), "llava_decoder_step_rows_total", "kind=\"prefill\"");
    }

    /** Resident bytes of the process; empty on other systems than Linux. */
    public static OptionalLong residentBytes(long pid) {
        try {
            return residentBytes(Files.readString(Path.of("/proc", Long.toString(pid), "status")));
        } catch (IOException e) {
            return OptionalLong.empty();
        }
    }

    static OptionalLong residentBytes(String status) {
        Matcher matcher = RESIDENT.matcher(status);
        return matcher.find() ? OptionalLong.of(Long.parseLong(matcher.group(1)) << 10) : OptionalLong.empty();
    }

    /** The sum of the samples with that name whose labels contain that text, in Prometheus' text format. */
    static double sum(String metrics, String name, String label) {
        return metrics.lines()
                .filter(line -> line.startsWith(name + "{") && line.contains(label))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    private String metrics() {
        HttpRequest request = HttpRequest.newBuilder(URI.create(service.http()).resolve("/q/metrics"))
                .timeout(PATIENCE)
                .build();
        try {
            return http.send(request, HttpResponse.BodyHandlers.ofString()).body();
        } catch (IOException e) {
            throw new CliException(service.id() + ": its metrics cannot be read: " + e.getMessage(), e);
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
