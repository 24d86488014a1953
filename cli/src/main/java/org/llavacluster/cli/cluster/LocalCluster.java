package org.llavacluster.cli.cluster;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;
import org.llavacluster.cli.CliException;
import org.llavacluster.cli.options.ClusterOptions.ClusterSize;
import org.llavacluster.cli.options.ModelOptions;
import org.llavacluster.cli.terminal.Progress;

/** Vision, projector, decoder and gateway processes on loopback. Closing it stops them all. */
public final class LocalCluster implements AutoCloseable {

    private static final Duration KILL_AFTER = Duration.ofSeconds(10);

    private final MembershipFile membership = new MembershipFile();
    private final List<ServiceProcess> workers = new ArrayList<>();
    private final List<ReadyLine> readyWorkers = new ArrayList<>();
    private final Duration drain;
    private final Thread stopAtExit = new Thread(this::stop, "stop-cluster");
    private final Progress progress;
    private ServiceProcess gateway;
    private ReadyLine gatewayReady;
    private boolean stopped;

    /**
     * A process that serves.
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
     * @param check of the model, made while the processes start; what it throws is thrown when all have been stopped
     * @param drain how long running requests may take to end when the cluster is stopped
     */
    public static LocalCluster start(
            ModelOptions model, Runnable check, ClusterSize size, Duration drain, Progress progress) {
        return start(model.properties(), check, size, drain, progress);
    }

    /**
     * The same with any properties of the processes, for a model that is known to be whole.
     *
     * @param properties what all processes are told, as Java system properties
     */
    public static LocalCluster start(
            Map<String, String> properties, ClusterSize size, Duration drain, Progress progress) {
        return start(properties, () -> {}, size, drain, progress);
    }

    private static LocalCluster start(
            Map<String, String> properties, Runnable check, ClusterSize size, Duration drain, Progress progress) {
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
                    + ": everybody who reaches this machine can use it, for it has no authentication.");
        }
    }

    /** {@code HOST:PORT} of the gateway's gRPC API. */
    public String grpc() {
        return gatewayReady.grpc();
    }

    /** URL of the gateway's HTTP API. */
    public String http() {
        return gatewayReady.http();
    }

    /** All processes, the gateway last. */
    public List<Service> services() {
        return Stream.concat(workers.stream(), Stream.of(gateway))
                .map(service -> new Service(
                        service.id(), service.pid(), service.ready().join().http()))
                .toList();
    }

    /** Waits until the gateway ends, which nobody but a signal or a fault makes it do, and returns its status. */
    public int awaitGateway() {
        return gateway.exit().join().exitValue();
    }

    private void launch(Map<String, String> properties, ClusterSize size) {
        Map<String, String> common = new LinkedHashMap<>(properties);
        common.put("llava.members", membership.path().toString());
        common.put("llava.drain-timeout", drain.toSeconds() + "s");
        // Decoders first: they have the most to read.
        startWorkers(ServiceRole.DECODER, size.decoders(), common);
        startWorkers(ServiceRole.VISION, size.visions(), common);
        startWorkers(ServiceRole.PROJECTOR, size.projectors(), common);
        gateway = startGateway(size, common);
    }

    private void awaitReady() {
        progress.note("Starting " + (workers.size() + 1) + " processes on loopback");
        CompletableFuture<?>[] all = new CompletableFuture<?>[workers.size() + 1];
        for (int i = 0; i < workers.size(); i++) {
            ServiceProcess worker = workers.get(i);
            all[i] = worker.ready().thenAccept(line -> joined(worker, line));
        }
        all[workers.size()] = gateway.ready().thenAccept(line -> gatewayReady = line);
        awaitAllOrFirstFailure(all);
        progress.done(describe(gateway, gatewayReady));
        for (ServiceProcess worker : workers) {
            worker.exit().thenAccept(ended -> workerEnded(worker));
        }
    }

    private void startWorkers(ServiceRole role, int count, Map<String, String> common) {
        for (int i = 0; i < count; i++) {
            String id = role.name().toLowerCase(java.util.Locale.ROOT) + "-" + i;
            workers.add(ServiceProcess.start(new ServiceSpec(id, role, common), System.err));
        }
    }

    private static ServiceProcess startGateway(ClusterSize size, Map<String, String> common) {
        Map<String, String> properties = new LinkedHashMap<>(common);
        properties.putAll(size.gateway().properties());
        return ServiceProcess.start(new ServiceSpec("gateway-0", ServiceRole.GATEWAY, properties), System.err);
    }

    private synchronized void joined(ServiceProcess worker, ReadyLine line) {
        progress.done(describe(worker, line));
        readyWorkers.add(line);
        // All at once: whoever is found begins with the first runs of its model, beside which the others would be ready
        // later.
        if (readyWorkers.size() == workers.size()) {
            membership.write(readyWorkers);
        }
    }

    private static String describe(ServiceProcess service, ReadyLine line) {
        return service.id() + " ready: pid=" + service.pid() + " grpc=" + line.grpc() + " http=" + line.http();
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

    private synchronized void workerEnded(ServiceProcess worker) {
        if (!stopped) {
            progress.note(worker.id() + " ended with status " + worker.exitCode());
        }
    }

    @Override
    public void close() {
        stop();
        try {
            Runtime.getRuntime().removeShutdownHook(stopAtExit);
        } catch (IllegalStateException e) {
            // The JVM is stopping already: the hook runs, or has run, and finds nothing left to do.
        }
    }

    /** The gateway first, so that its running requests can end while the workers still serve. */
    private void stop() {
        synchronized (this) {
            if (stopped) {
                return;
            }
            stopped = true;
        }
        if (gateway != null) {
            gateway.terminate();
            gateway.awaitExit(drain.plus(KILL_AFTER));
        }
        workers.forEach(ServiceProcess::terminate);
        workers.forEach(worker -> worker.awaitExit(KILL_AFTER));
        membership.delete();
    }
}
