package org.llavacluster.node.membership;

import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import org.llavacluster.node.config.Settings;
import org.llavacluster.node.time.Clock;

/** A place besides the membership file that knows the members. A module that has one provides it as a bean. */
public interface MembershipSource {

    /**
     * Opens the membership if the settings ask for it; otherwise empty.
     *
     * @param timers runs short tasks
     */
    Optional<Membership> open(Settings settings, ScheduledExecutorService timers, Clock clock);
}
