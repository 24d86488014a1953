package org.llavacluster.node.transport;

import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.logging.Filter;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.llavacluster.node.time.Clock;

/**
 * Shortens what gRPC logs of calls and connections that fail because of the peer: a stack trace of kilobytes for a few
 * received bytes becomes one short line per interval and kind.
 */
public final class TransportLog {

    private static final Duration INTERVAL = Duration.ofSeconds(10);

    /**
     * Loggers of gRPC and Netty that a peer can trigger. Referenced for the life of the process, because the log
     * manager keeps only loggers that are in use.
     */
    private static final List<Logger> LOGGERS = Stream.of(
                    "io.grpc.netty.NettyServerStream",
                    "io.grpc.netty.NettyServerHandler",
                    "io.grpc.netty.NettyServerTransport",
                    "io.grpc.netty.NettyServer",
                    "io.grpc.internal.ServerImpl",
                    "io.grpc.internal.SerializingExecutor",
                    "io.grpc.internal.AbstractServerStream",
                    "io.netty.channel.DefaultChannelPipeline")
            .map(Logger::getLogger)
            .toList();

    private TransportLog() {}

    /** For all servers of the process. */
    public static synchronized void shorten(Clock clock) {
        LOGGERS.stream()
                .filter(logger -> !(logger.getFilter() instanceof Shortening))
                .forEach(logger -> logger.setFilter(new Shortening(clock)));
    }

    /** Replaces the stack trace by the kind of exception. */
    static final class Shortening implements Filter {

        private final LogPace pace = new LogPace(INTERVAL);
        private final Clock clock;

        Shortening(Clock clock) {
            this.clock = clock;
        }

        @Override
        public boolean isLoggable(LogRecord entry) {
            OptionalLong leftOut = pace.next(clock.nanoTime());
            if (leftOut.isEmpty()) {
                return false;
            }
            Throwable thrown = entry.getThrown();
            entry.setThrown(null);
            entry.setMessage(entry.getMessage()
                    + (thrown == null ? "" : ": " + thrown.getClass().getName())
                    + (leftOut.getAsLong() == 0 ? "" : " (" + leftOut.getAsLong() + " more like this were left out)"));
            return true;
        }
    }
}
