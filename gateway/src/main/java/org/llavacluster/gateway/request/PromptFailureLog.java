package org.llavacluster.gateway.request;

import java.time.Duration;
import java.util.OptionalLong;
import org.jboss.logging.Logger;
import org.llavacluster.modelio.prompt.PromptException;
import org.llavacluster.node.time.Clock;
import org.llavacluster.node.transport.LogPace;

/**
 * Logs why the model's chat template could not render a conversation: the place in the template and the cause, never
 * content. One line in ten seconds at most, because every request could cause one.
 */
public final class PromptFailureLog {

    private static final Logger LOG = Logger.getLogger(PromptFailureLog.class);

    private final LogPace pace = new LogPace(Duration.ofSeconds(10));
    private final Clock clock;

    public PromptFailureLog(Clock clock) {
        this.clock = clock;
    }

    void add(PromptException failure) {
        OptionalLong leftOut = pace.next(clock.nanoTime());
        if (leftOut.isPresent()) {
            LOG.warnf(
                    "a conversation cannot be put into the model's chat template: %s%s",
                    failure.getMessage(),
                    leftOut.getAsLong() == 0 ? "" : " (" + leftOut.getAsLong() + " such lines were left out)");
        }
    }
}
