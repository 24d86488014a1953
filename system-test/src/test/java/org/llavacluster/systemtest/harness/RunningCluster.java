package org.llavacluster.systemtest.harness;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.DoublePredicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.llavacluster.proto.v1.ChatRequest;

/** A cluster of real processes, started like {@code ./llava up}. */
public final class RunningCluster implements AutoCloseable {

    private static final Pattern SERVICE_READY =
            Pattern.compile(" *(\\S+) ready: pid=(\\d+) grpc=(\\S+) http=(\\S+) .*");
    private static final Pattern READY = Pattern.compile("ready grpc=(\\S+) http=(\\S+)");

    /** A process that starts again has taken two minutes on a machine with busy cores. */
    private static final long LONGEST_SECONDS = 400;

    private final Process launcher;
    private final Map<String, Service> services = new ConcurrentHashMap<>();
    private final List<ManagedChannel> channels = new ArrayList<>();
    private final ConcurrentLinkedQueue<String> stderr = new ConcurrentLinkedQueue<>();
    private final CompletableFuture<String> ready = new CompletableFuture<>();
    private final CountDownLatch announcements;
    private final CountDownLatch stderrEnded = new CountDownLatch(1);

    /** One process of the cluster as announced by the launcher. */
    public record Service(long pid, String grpc, URI http) {}

    private RunningCluster(Process launcher, int services) {
        this.launcher = launcher;
        this.announcements = new CountDownLatch(services);
    }

    /** Starts a cluster and waits until it is ready. */
    public static RunningCluster up(Path model, String... options) throws IOException {
        return up(model, Map.of(), options);
    }

    /**
     * @param environment of all processes, for properties without an option of the command
     */
    public static RunningCluster up(Path model, Map<String, String> environment, String... options) throws IOException {
        return up(System.getProperty("llava.archives"), model, environment, options);
    }

    /** Starts a cluster from the AppCDS archives in that folder, and waits until it is ready. */
    public static RunningCluster upFrom(Path archives, Path model, String... options) throws IOException {
        return up(archives.toString(), model, Map.of(), options);
    }

    private static RunningCluster up(String archives, Path model, Map<String, String> environment, String... options)
            throws IOException {
        List<String> arguments = new ArrayList<>(List.of("up", "--model", model.toString()));
        arguments.addAll(List.of(options));
        int workers = count("--visions", options) + count("--projectors", options) + count("--decoders", options);
        RunningCluster cluster = new RunningCluster(
                Launcher.start(archives, environment, arguments.toArray(String[]::new)), workers + 1);
        Thread.ofVirtual().start(() -> {
            forEachLine(cluster.launcher.getErrorStream(), cluster::heardOnStderr);
            cluster.stderrEnded.countDown();
        });
        Thread.ofVirtual().start(() -> {
            forEachLine(cluster.launcher.getInputStream(), cluster.ready::complete);
            cluster.ready.completeExceptionally(new IOException("the launcher ended: " + cluster.stderr));
        });
        try {
            String line = cluster.ready.get(600, TimeUnit.SECONDS);
            assertThat(line).matches(READY);
            // The two streams are independent: the line on stdout may arrive before the last one on stderr.
            assertThat(cluster.announcements.await(60, TimeUnit.SECONDS))
                    .as("all services are announced: %s", cluster.services)
                    .isTrue();
            return cluster;
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            cluster.close();
            throw new IOException("no cluster for " + model + ": " + cluster.stderr, e);
        }
    }

    /** Number of services of one role in an option such as {@code --visions=2}; one without the option. */
    private static int count(String option, String... options) {
        return Stream.of(options)
                .filter(given -> given.startsWith(option + "="))
                .mapToInt(given -> Integer.parseInt(given.substring(option.length() + 1)))
                .findFirst()
                .orElse(1);
    }

    public Service service(String id) {
        Service service = services.get(id);
        if (service == null) {
            throw new IllegalArgumentException("no service " + id + " among " + services.keySet());
        }
        return service;
    }

    public Map<String, Service> services() {
        return Map.copyOf(services);
    }

    /** Everything that an ending launcher has written to stderr. */
    public List<String> awaitSaid() throws InterruptedException {
        assertThat(stderrEnded.await(60, TimeUnit.SECONDS))
                .as("the end of stderr")
                .isTrue();
        return said();
    }

    /** What the launcher has written to stderr. */
    public List<String> said() {
        return List.copyOf(stderr);
    }

    public Process launcher() {
        return launcher;
    }

    /** A new channel to that service; closed with the cluster. */
    public ManagedChannel channel(String id) {
        ManagedChannel channel = NettyChannelBuilder.forTarget(service(id).grpc())
                .usePlaintext()
                .maxInboundMessageSize(16 << 20)
                .build();
        synchronized (channels) {
            channels.add(channel);
        }
        return channel;
    }

    public ChatClient client() {
        return new ChatClient(channel("gateway-0"));
    }

    /** The OpenAI API's base URL, without a slash at the end. */
    public String http() {
        return service("gateway-0").http().toString().replaceAll("/$", "");
    }

    /** Samples of a service's metrics by their text name, labels included: {@code name{label="value"}}. */
    public Map<String, Double> metrics(String id) throws IOException, InterruptedException {
        HttpRequest request =
                HttpRequest.newBuilder(service(id).http().resolve("/q/metrics")).build();
        try (HttpClient http = HttpClient.newHttpClient()) {
            String body =
                    http.send(request, HttpResponse.BodyHandlers.ofString()).body();
            Map<String, Double> samples = new HashMap<>();
            for (String line : body.split("\n")) {
                int space = line.lastIndexOf(' ');
                if (!line.startsWith("#") && space > 0) {
                    samples.put(line.substring(0, space), Double.parseDouble(line.substring(space + 1)));
                }
            }
            return samples;
        }
    }

    /** The sum of all samples of one name whose labels contain that text. */
    public double metric(String id, String name, String labels) throws IOException, InterruptedException {
        return metrics(id).entrySet().stream()
                .filter(sample -> sample.getKey().split("\\{")[0].equals(name)
                        && sample.getKey().contains(labels))
                .mapToDouble(Map.Entry::getValue)
                .sum();
    }

    /** Waits until the sum of those samples is as it should be. */
    public void awaitMetric(String id, String name, String labels, DoublePredicate condition)
            throws IOException, InterruptedException {
        awaitTrue(name + "{" + labels + "} of " + id, () -> condition.test(metric(id, name, labels)));
    }

    /** Sends a signal such as {@code KILL} or {@code STOP} to a service. */
    public void signal(String id, String signal) throws IOException, InterruptedException {
        SystemProcess.signal(service(id).pid(), signal);
    }

    /** Waits until that service has another process than that one. */
    public void awaitAnother(String id, long pid) throws IOException, InterruptedException {
        awaitTrue("another " + id + " than " + pid, () -> service(id).pid() != pid);
    }

    /** Waits until a request is answered. Failed ones are repeated. */
    public void awaitAnswer(ChatRequest request) throws IOException, InterruptedException {
        ManagedChannel gateway = channel("gateway-0");
        awaitTrue("an answer", () -> PendingChat.reading(gateway, request)
                .awaitEnd(Duration.ofSeconds(60))
                .isOk());
    }

    /** Checks after each announcement of the launcher, and periodically. */
    private void awaitTrue(String what, Callable<Boolean> condition) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(LONGEST_SECONDS);
        try {
            while (!condition.call()) {
                if (System.nanoTime() - deadline > 0) {
                    throw new IOException("waited " + LONGEST_SECONDS + " s for " + what + ": " + stderr);
                }
                synchronized (services) {
                    services.wait(100);
                }
            }
        } catch (IOException | InterruptedException e) {
            throw e;
        } catch (Exception e) {
            throw new IOException("while waiting for " + what, e);
        }
    }

    private void heardOnStderr(String line) {
        stderr.add(line);
        Matcher matcher = SERVICE_READY.matcher(line);
        if (matcher.matches()) {
            services.put(
                    matcher.group(1),
                    new Service(Long.parseLong(matcher.group(2)), matcher.group(3), URI.create(matcher.group(4))));
            synchronized (services) {
                services.notifyAll();
            }
            announcements.countDown();
        }
    }

    private static void forEachLine(InputStream stream, java.util.function.Consumer<String> consumer) {
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                consumer.accept(line);
            }
        } catch (IOException e) {
            // The end of the process closes its streams, so nothing is left to read.
        }
    }

    @Override
    public void close() {
        synchronized (channels) {
            channels.forEach(ManagedChannel::shutdownNow);
        }
        launcher.destroy();
        try {
            if (!launcher.waitFor(60, TimeUnit.SECONDS)) {
                launcher.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
