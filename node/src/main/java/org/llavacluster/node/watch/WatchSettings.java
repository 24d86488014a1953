package org.llavacluster.node.watch;

import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicLong;
import org.llavacluster.node.membership.ChannelPool;
import org.llavacluster.node.time.Clock;

/**
 * What all watches of a {@link NodeWatcher} share.
 *
 * @param silence after which a member is suspect
 * @param epochs numbers the appearances of all members
 * @param changed runs after every change
 * @param presence runs after a member appeared, disappeared or fell silent
 * @param late runs for each message of a watch that was given up
 */
record WatchSettings(
        ChannelPool channels,
        ScheduledExecutorService timers,
        Clock clock,
        Duration silence,
        AtomicLong epochs,
        Runnable changed,
        Runnable presence,
        Runnable late) {}
