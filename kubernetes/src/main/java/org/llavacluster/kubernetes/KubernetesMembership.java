package org.llavacluster.kubernetes;

import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;
import org.llavacluster.node.membership.ChangeListeners;
import org.llavacluster.node.membership.Member;
import org.llavacluster.node.membership.Membership;
import org.llavacluster.node.membership.Subscription;
import org.llavacluster.node.time.Clock;

/**
 * The workers of a release, from the endpoint slices of their Services. {@link EndpointRoster} has the rules.
 *
 * <p>One informer follows the slices of each Service. While the API server cannot be reached, the last members stay.
 * Informers watch again after a lost connection, and list again after status 410. They also end each watch after 5 to
 * 10 minutes, so a connection whose other end has vanished without a word is not trusted for longer.
 */
public final class KubernetesMembership implements Membership {

    private static final Logger LOG = Logger.getLogger(KubernetesMembership.class);

    private final KubernetesClient client;
    private final ScheduledExecutorService timers;
    private final Clock clock;
    private final SliceReader reader;
    private final EndpointRoster roster = new EndpointRoster();
    private final ChangeListeners listeners = new ChangeListeners();
    private final List<SharedIndexInformer<EndpointSlice>> informers;
    private volatile List<Member> members = List.of();
    private ScheduledFuture<?> expiry; // null while no member leaves
    private final Map<String, String> complaints = new HashMap<>(); // what was logged last, by Service

    /**
     * Starts to watch. Does not wait for the API server.
     *
     * @param client closed with this
     * @param namespace of the Services
     * @param prefix of the Services' names, see {@link SliceReader}
     */
    public KubernetesMembership(
            KubernetesClient client, String namespace, String prefix, ScheduledExecutorService timers, Clock clock) {
        this.client = client;
        this.timers = timers;
        this.clock = clock;
        this.reader = new SliceReader(prefix);
        this.informers = reader.services().stream()
                .map(service -> informer(namespace, service))
                .toList();
        informers.forEach(SharedIndexInformer::start);
    }

    private SharedIndexInformer<EndpointSlice> informer(String namespace, String service) {
        return client.discovery()
                .v1()
                .endpointSlices()
                .inNamespace(namespace)
                .withLabel(SliceReader.SERVICE_LABEL, service)
                .runnableInformer(0)
                .addEventHandler(new Slices(service))
                .exceptionHandler((started, thrown) -> {
                    complain(service, thrown);
                    return true;
                });
    }

    private final class Slices implements ResourceEventHandler<EndpointSlice> {

        private final String service;

        Slices(String service) {
            this.service = service;
        }

        @Override
        public void onAdd(EndpointSlice slice) {
            changed(slice);
        }

        @Override
        public void onUpdate(EndpointSlice before, EndpointSlice slice) {
            changed(slice);
        }

        @Override
        public void onDelete(EndpointSlice slice, boolean finalStateUnknown) {
            synchronized (KubernetesMembership.this) {
                roster.remove(name(slice), clock.nanoTime());
            }
            publish();
        }

        private void changed(EndpointSlice slice) {
            List<SliceEndpoint> endpoints = reader.read(slice);
            synchronized (KubernetesMembership.this) {
                complaints.remove(service);
                roster.put(name(slice), endpoints, clock.nanoTime());
            }
            publish();
        }

        private static String name(EndpointSlice slice) {
            return slice.getMetadata().getName();
        }
    }

    @Override
    public List<Member> members() {
        return members;
    }

    @Override
    public Subscription onChange(Runnable listener) {
        return listeners.add(listener);
    }

    private void expire() {
        synchronized (this) {
            expiry = null;
            roster.expire(clock.nanoTime());
        }
        publish();
    }

    private void publish() {
        synchronized (this) {
            if (expiry != null) {
                expiry.cancel(false);
                expiry = null;
            }
            roster.nextExpiry().ifPresent(at -> {
                long wait = Math.max(0, at - clock.nanoTime());
                expiry = timers.schedule(this::expire, wait, TimeUnit.NANOSECONDS);
            });
            List<Member> now = roster.members();
            if (now.equals(members)) {
                return;
            }
            members = now;
        }
        listeners.changed();
    }

    /** Logs each reason once for a Service, not with each try. */
    private synchronized void complain(String service, Throwable thrown) {
        String reason = service + ": " + thrown.getMessage();
        if (!reason.equals(complaints.put(service, reason))) {
            LOG.warnf("the endpoint slices of a Service cannot be watched, the last members stay: %s", reason);
        }
    }

    @Override
    public void close() {
        informers.forEach(SharedIndexInformer::stop);
        client.close();
        synchronized (this) {
            if (expiry != null) {
                expiry.cancel(false);
            }
        }
    }
}
