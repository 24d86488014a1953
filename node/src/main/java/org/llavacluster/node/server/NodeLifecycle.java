package org.llavacluster.node.server;

import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import org.eclipse.microprofile.config.Config;
import org.jboss.logging.Logger;
import org.llavacluster.node.config.NodeConfiguration;
import org.llavacluster.node.config.PropertyException;
import org.llavacluster.node.config.Settings;
import org.llavacluster.node.config.UnknownProperties;
import org.llavacluster.node.membership.Membership;
import org.llavacluster.node.membership.MembershipSource;
import org.llavacluster.node.os.FileDescriptors;
import org.llavacluster.node.time.Clock;
import org.llavacluster.node.trace.NodeTracing;

/**
 * Starts the application's {@link NodeProcess} when Quarkus starts, before its HTTP port opens, and drains it when the
 * process is asked to end. A failed start prints one line on stderr and ends with an exit code: 2 for a property,
 * otherwise that of the exception.
 */
@ApplicationScoped
public class NodeLifecycle {

    private static final Logger LOG = Logger.getLogger(NodeLifecycle.class);

    /** Drain timeout after the parent has ended, when no client waits for answers any more. */
    private static final Duration ORPHAN_DRAIN = Duration.ofSeconds(2);

    private final Instance<NodeApplication> applications;
    private final Instance<MembershipSource> memberships;
    private final Instance<MeterRegistry> metrics;
    private final Config config;
    private volatile NodeProcess process;

    @Inject
    public NodeLifecycle(
            Instance<NodeApplication> applications,
            Instance<MembershipSource> memberships,
            Instance<MeterRegistry> metrics,
            Config config) {
        this.applications = applications;
        this.memberships = memberships;
        this.metrics = metrics;
        this.config = config;
    }

    void start(@Observes StartupEvent event) {
        if (applications.isUnsatisfied()) {
            return;
        }
        NodeApplication application = applications.get();
        try {
            UnknownProperties.check(config, LOG::warn);
            FileDescriptors descriptors = FileDescriptors.now();
            descriptors.shortage("the " + application.role() + " service").ifPresent(reason -> {
                throw new StartupException(reason, 1);
            });
            Settings settings = new Settings(config);
            NodeConfiguration configuration = NodeConfiguration.read(settings, application.role());
            Signals.onTermination(() -> end(configuration.drainDelay(), configuration.drainTimeout()));
            if (configuration.exitWithParent()) {
                Signals.leaveInterruptToParent();
                ParentWatch.start(System.in, () -> end(Duration.ZERO, ORPHAN_DRAIN));
            }
            ServerLimits limits = application.limits().configured(settings, descriptors);
            process = NodeProcess.start(
                    application,
                    configuration,
                    limits,
                    timers -> membership(settings, configuration, timers),
                    metrics.get(),
                    Clock.SYSTEM,
                    NodeTracing.of(settings, application.role(), configuration.id()));
        } catch (PropertyException e) {
            refuse(e.getMessage(), 2);
        } catch (StartupException e) {
            refuse(e.getMessage(), e.exitCode());
        } catch (RuntimeException | LinkageError e) {
            LOG.fatal("the process cannot start", e);
            Runtime.getRuntime().halt(1);
        }
    }

    /** The membership of the first source that the settings ask for, else that of the file. */
    private Membership membership(Settings settings, NodeConfiguration configuration, ScheduledExecutorService timers) {
        return memberships.stream()
                .flatMap(source -> source.open(settings, timers, Clock.SYSTEM).stream())
                .findFirst()
                .orElseGet(() -> NodeProcess.inFile(configuration, timers));
    }

    /**
     * Ends the process without an exception, because Quarkus would react to one by tearing down its container, failing
     * on it, and exiting with code 1. Nothing is served yet and the process has freed its resources.
     */
    private static void refuse(String line, int exitCode) {
        System.err.println(line);
        System.err.flush();
        Runtime.getRuntime().halt(exitCode);
    }

    /** Ends a process whose properties are unusable, if they are read before {@link #start}. */
    public static void refuse(PropertyException unusable) {
        refuse(unusable.getMessage(), 2);
    }

    /**
     * Drains while the HTTP port is still open, then ends the process with 0. A process that does not serve yet ends at
     * once.
     */
    private void end(Duration drainDelay, Duration drainTimeout) {
        NodeProcess serving = process;
        if (serving == null) {
            Runtime.getRuntime().halt(0);
        } else {
            serving.close(drainDelay, drainTimeout);
            Quarkus.asyncExit(0);
        }
    }

    void stop(@Observes ShutdownEvent event) {
        if (process != null) {
            process.close();
        }
    }

    /** The running process; empty if there is no application. */
    public Optional<NodeProcess> process() {
        return Optional.ofNullable(process);
    }
}
