package org.llavacluster.gateway.fetch;

import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.llavacluster.node.config.PropertyException;

/**
 * The hosts from which images may be fetched, by exact name and port.
 *
 * @param allowed {@code host:port} in lower case
 */
public record ImageHosts(Set<String> allowed) {

    /** Allows no host. */
    public static final ImageHosts NONE = new ImageHosts(Set.of());

    private static final int HTTPS = 443;
    private static final Pattern ENTRY = Pattern.compile("([a-z0-9]([a-z0-9.-]*[a-z0-9])?)(?::([0-9]{1,5}))?");

    public ImageHosts {
        allowed = Set.copyOf(allowed);
    }

    /**
     * Parses {@code HOST} or {@code HOST:PORT}, separated by commas; the default port is 443.
     *
     * @throws PropertyException naming the property and the invalid entry
     */
    public static ImageHosts parse(String property, String list) {
        return new ImageHosts(Arrays.stream(list.split(",", -1))
                .map(String::strip)
                .map(entry -> normal(property, entry))
                .collect(Collectors.toSet()));
    }

    private static String normal(String property, String entry) {
        Matcher matcher = ENTRY.matcher(entry.toLowerCase(Locale.ROOT));
        if (!matcher.matches()) {
            throw new PropertyException(property + " must be exact names of hosts, as HOST or HOST:PORT, not '"
                    + entry.replaceAll("\\p{Cntrl}", "?") + "'");
        }
        return matcher.group(1) + ":" + (matcher.group(3) == null ? HTTPS : Integer.parseInt(matcher.group(3)));
    }

    boolean allow(String host, int port) {
        return allowed.contains(host.toLowerCase(Locale.ROOT) + ":" + (port < 0 ? HTTPS : port));
    }
}
