package org.llavacluster.cli.cluster;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.llavacluster.cli.CliException;
import org.llavacluster.cli.options.ClusterOptions.ClusterSize;
import org.llavacluster.cli.options.ModelOptions;
import org.llavacluster.cli.terminal.Progress;
import org.llavacluster.node.os.FileDescriptors;
import org.llavacluster.node.server.ReadyLine;
import org.llavacluster.node.time.Clock;

/**
 * Vision, projector, decoder and gateway processes on loopback. After all were ready once, a process that ends is
 * restarted: a worker joins with its new address, the gateway keeps its ports. Closing the cluster stops all of them.
 */
public final class LocalCluster implements AutoCloseable {

    private static final Duration KILL_AFTER = Duration.ofSeconds(10);

    private final LocalMembership membership = new LocalMembership();
    private final List<SupervisedService> workers = new ArrayList<>();
    private final CompletableFuture<String> givenUp = new CompletableFuture<>();
    private final Duration drain;
    private final Thread stopAtExit = new Thread(this::stop, "stop-cluster");
    private final Progress progress;
    private SupervisedService gateway;
    private boolean stopped;

    /**
     * A running process.
     *
     * @param http URL of its health and metrics
     */
    public record Service(String id, long pid, String http) {}

    private LocalCluster(Duration drain, Progress progress) {
        this.drain = drain;
        this.progress = progress;
    }

    /**
     * Starts the processes and waits until the gateway serves.
     *
     * @param check check of the model while the processes start; its exception is thrown after all have been stopped
     * @param drain longest time for running requests when the cluster is stopped
     */
    public static LocalCluster start(
            ModelOptions model, Runnable check, ClusterSize size, Duration drain, Progress progress) {
        return start(model.properties(), check, size, drain, progress);
    }

    /**
     * Starts with any properties of the processes, for a model that is known to be complete.
     *
     * @param properties properties of all processes, as Java system properties
     */
    public static LocalCluster start(
            Map<String, String> properties, ClusterSize size, Duration drain, Progress progress) {
        return start(properties, () -> {}, size, drain, progress);
    }

    private static LocalCluster start(
            Map<String, String> properties, Runnable check, ClusterSize size, Duration drain, Progress progress) {
        FileDescriptors.now().shortage("each service of the cluster").ifPresent(reason -> {
            throw new CliException(reason);
        });
        ListeningPorts.requireFree(size.gateway());
        LocalCluster cluster = new LocalCluster(drain, progress);
        warnIfOpen(size.gateway().host(), progress);
        Runtime.getRuntime().addShutdownHook(cluster.stopAtExit);
        try {
            cluster.launch(properties, size);
            check.run();
            cluster.awaitReady();
            return cluster;
        } catch (RuntimeException e) {
            cluster.close();
            throw e;
        }
    }

    private static void warnIfOpen(String host, Progress progress) {
        if (!ListeningPorts.isLocal(host)) {
            progress.note("The gateway listens on " + host
                    + ": everyone who can reach this machine can use it, because it has no authentication.");
        }
    }

    /** {@code HOST:PORT} of the gateway's gRPC API. */
    public String grpc() {
        return gateway.lastReady().orElseThrow().grpc();
    }

    /** URL of the gateway's HTTP API. */
    public String http() {
        return gateway.lastReady().orElseThrow().http();
    }

    /** All processes, the gateway last. */
    public synchronized List<Service> services() {
        return all().map(service -> new Service(
                        service.id(),
                        service.process().orElseThrow().pid(),
                        service.lastReady().orElseThrow().http()))
                .toList();
    }

    private Stream<SupervisedService> all() {
        return Stream.concat(workers.stream(), Stream.ofNullable(gateway));
    }

    /** Waits until a service is given up, and returns why. Until then, services that end are restarted. */
    public String awaitGivenUp() {
        return givenUp.join();
    }

    private void launch(Map<String, String> properties, ClusterSize size) {
        Map<String, String> common = new LinkedHashMap<>(properties);
        common.put("llava.members", membership.path().toString());
        common.put("llava.drain-timeout", drain.toSeconds() + "s");
        // Decoders first, because they read most.
        startWorkers(ServiceRole.DECODER, size.decoders(), common);
        startWorkers(ServiceRole.VISION, size.visions(), common);
        startWorkers(ServiceRole.PROJECTOR, size.projectors(), common);
        Map<String, String> gatewayProperties = new LinkedHashMap<>(common);
        gatewayProperties.putAll(size.gateway().properties());
        gateway = new SupervisedService(new ServiceSpec("gateway-0", ServiceRole.GATEWAY, gatewayProperties));
        gateway.start();
    }

    private void startWorkers(ServiceRole role, int count, Map<String, String> common) {
        for (int i = 0; i < count; i++) {
            String id = role.name().toLowerCase(Locale.ROOT) + "-" + i;
            SupervisedService worker = new SupervisedService(new ServiceSpec(id, role, common));
            worker.start();
            workers.add(worker);
        }
    }

    private void awaitReady() {
        progress.note("Starting " + (workers.size() + 1) + " processes on loopback");
        awaitAllOrFirstFailure(
                all().map(service -> service.process().orElseThrow().ready().thenAccept(line -> joined(service, line)))
                        .toArray(CompletableFuture<?>[]::new));
        all().forEach(this::superviseRunning);
    }

    private synchronized void joined(SupervisedService service, ReadyLine line) {
        service.ready(line);
        progress.done(service.id() + " ready: pid="
                + service.process().orElseThrow().pid() + " grpc=" + line.grpc() + " http=" + line.http());
        List<ReadyLine> ready =
                workers.stream().flatMap(worker -> worker.lastReady().stream()).toList();
        // During the start all workers join at once, so that the gateway sees no cluster that lacks some of them.
        if (!service.isGateway() && ready.size() == workers.size()) {
            membership.write(ready);
        }
    }

    private void superviseRunning(SupervisedService service) {
        ServiceProcess process = service.process().orElseThrow();
        process.exit().thenAccept(_ -> ended(service, process));
    }

    private synchronized void ended(SupervisedService service, ServiceProcess process) {
        if (stopped) {
            return;
        }
        switch (service.policy().ended(Clock.SYSTEM.nanoTime(), process.served())) {
            case RestartPolicy.Decision.StartAgain(Duration delay) -> {
                progress.note(service.id() + " " + process.describeEnd() + ": restarting it in "
                        + delay.toMillis() / 1000.0 + " s");
                CompletableFuture.delayedExecutor(delay.toMillis(), TimeUnit.MILLISECONDS)
                        .execute(() -> startAgain(service));
            }
            case RestartPolicy.Decision.GiveUp(String reason) ->
                givenUp.complete(service.id() + " " + reason + "; the last time it " + process.describeEnd());
        }
    }

    private synchronized void startAgain(SupervisedService service) {
        if (stopped) {
            return;
        }
        try {
            service.start().ready().thenAccept(line -> joined(service, line));
            superviseRunning(service);
        } catch (CliException e) {
            givenUp.complete(e.getMessage());
        }
    }

    private static void awaitAllOrFirstFailure(CompletableFuture<?>[] all) {
        CompletableFuture<Object> failure = new CompletableFuture<>();
        for (CompletableFuture<?> one : all) {
            one.whenComplete((value, e) -> {
                if (e != null) {
                    failure.completeExceptionally(e);
                }
            });
        }
        try {
            CompletableFuture.anyOf(CompletableFuture.allOf(all), failure).join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof CliException cause ? cause : new CliException(e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        stop();
        try {
            Runtime.getRuntime().removeShutdownHook(stopAtExit);
        } catch (IllegalStateException e) {
            // The JVM is already stopping, and the hook runs or has run.
        }
    }

    /** Stops the gateway first, so that its running requests can end while the workers still serve. */
    private void stop() {
        synchronized (this) {
            if (stopped) {
                return;
            }
            stopped = true;
        }
        if (gateway != null) {
            stop(List.of(gateway), drain.plus(KILL_AFTER));
        }
        stop(workers, KILL_AFTER);
        membership.delete();
    }

    private static void stop(List<SupervisedService> services, Duration patience) {
        List<ServiceProcess> processes =
                services.stream().flatMap(service -> service.process().stream()).toList();
        processes.forEach(ServiceProcess::terminate);
        processes.forEach(process -> process.awaitExit(patience));
    }
}
