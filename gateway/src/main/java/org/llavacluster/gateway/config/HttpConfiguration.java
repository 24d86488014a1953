package org.llavacluster.gateway.config;

import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.llavacluster.gateway.admission.ArrivalLimits;
import org.llavacluster.node.config.HttpProperties;
import org.llavacluster.node.config.PropertyException;
import org.llavacluster.node.config.Settings;

/**
 * How the gateway's HTTP port treats clients. A peer is an IP address and may take a share of the whole. Behind a proxy
 * all clients are one peer, so the share leaves only a reserve for others.
 *
 * @param corsOrigins origins of web pages that may call; {@code *} for all
 * @param logRequests whether each request gets a log line
 * @param maxConnections most open connections
 * @param peerSharePercent share of connections, arriving bodies and their memory that one peer may take
 * @param headerTime longest time from the first byte of a request to the end of its headers, and for a new connection
 *     to its first byte
 * @param idleTime time after which a connection without a request is closed
 * @param maxArriving most bodies and uploads being received at once
 * @param minBodyRate lowest average bytes per second of a body or upload over a few seconds
 * @param maxBodyTime longest time for a whole body or upload
 */
public record HttpConfiguration(
        Set<String> corsOrigins,
        boolean logRequests,
        int maxConnections,
        int peerSharePercent,
        Duration headerTime,
        Duration idleTime,
        int maxArriving,
        int minBodyRate,
        Duration maxBodyTime) {

    /** Any origin. */
    public static final String ANY_ORIGIN = "*";

    private static final Set<String> ORIGIN_SCHEMES = Set.of("http", "https", "chrome-extension", "moz-extension");

    public HttpConfiguration {
        // Other entries add nothing to it.
        corsOrigins = corsOrigins.contains(ANY_ORIGIN) ? Set.of(ANY_ORIGIN) : Set.copyOf(corsOrigins);
    }

    public static HttpConfiguration of(Settings settings) {
        return new HttpConfiguration(
                origins(settings),
                settings.get(HttpProperties.LOG_REQUESTS),
                settings.integer(HttpProperties.MAX_CONNECTIONS),
                settings.integer(HttpProperties.PEER_SHARE_PERCENT),
                settings.get(HttpProperties.HEADER_TIME),
                settings.get(HttpProperties.IDLE_TIME),
                settings.integer(HttpProperties.MAX_ARRIVING),
                settings.integer(HttpProperties.MIN_BODY_RATE),
                settings.get(HttpProperties.MAX_BODY_TIME));
    }

    public ArrivalLimits arrivals() {
        return new ArrivalLimits(maxArriving, (int) peerShare(maxArriving), minBodyRate, maxBodyTime);
    }

    /** One peer's share of that many, at least one. */
    public long peerShare(long all) {
        return Math.max(1, all / 100 * peerSharePercent + all % 100 * peerSharePercent / 100);
    }

    public boolean allowsOrigin(String origin) {
        return corsOrigins.contains(ANY_ORIGIN) || corsOrigins.contains(origin);
    }

    private static Set<String> origins(Settings settings) {
        return settings.find(HttpProperties.CORS_ORIGINS)
                .map(list -> Arrays.stream(list.split(","))
                        .map(String::strip)
                        .filter(origin -> !origin.isEmpty())
                        .peek(HttpConfiguration::checkOrigin)
                        .collect(Collectors.toCollection(LinkedHashSet<String>::new)))
                .orElseGet(LinkedHashSet::new);
    }

    /** Browsers send only scheme, host and port, so a longer entry would never match. */
    private static void checkOrigin(String origin) {
        if (origin.equals(ANY_ORIGIN) || isOrigin(origin)) {
            return;
        }
        throw new PropertyException(
                HttpProperties.CORS_ORIGINS + " must be a list of origins such as http://localhost:5173, or *, not '"
                        + origin.replaceAll("\\p{Cntrl}", "?") + "'");
    }

    private static boolean isOrigin(String origin) {
        try {
            URI uri = new URI(origin);
            return uri.getScheme() != null
                    && ORIGIN_SCHEMES.contains(uri.getScheme().toLowerCase(Locale.ROOT))
                    && uri.getRawAuthority() != null
                    && uri.getRawPath().isEmpty()
                    && uri.getRawQuery() == null
                    && uri.getRawFragment() == null;
        } catch (URISyntaxException _) {
            return false;
        }
    }
}
