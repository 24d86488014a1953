package org.llavacluster.kubernetes;

import jakarta.inject.Singleton;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import org.llavacluster.node.config.KubernetesProperties;
import org.llavacluster.node.config.NodeProperties;
import org.llavacluster.node.config.PropertyException;
import org.llavacluster.node.config.Settings;
import org.llavacluster.node.membership.Membership;
import org.llavacluster.node.membership.MembershipSource;
import org.llavacluster.node.time.Clock;

/** Opens a {@link KubernetesMembership} if {@code llava.kubernetes.service-prefix} is set. */
@Singleton
public final class KubernetesMembershipSource implements MembershipSource {

    @Override
    public Optional<Membership> open(Settings settings, ScheduledExecutorService timers, Clock clock) {
        return settings.find(KubernetesProperties.SERVICE_PREFIX).map(prefix -> {
            if (settings.find(NodeProperties.MEMBERS).isPresent()) {
                throw new PropertyException(KubernetesProperties.SERVICE_PREFIX + " and " + NodeProperties.MEMBERS
                        + " must not both be set: one of them names the members");
            }
            KubernetesAccess access = KubernetesAccess.open(settings);
            return new KubernetesMembership(access.client(), access.namespace(), prefix, timers, clock);
        });
    }
}
