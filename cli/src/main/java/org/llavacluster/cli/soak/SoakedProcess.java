package org.llavacluster.cli.soak;

import java.net.URI;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.llavacluster.cli.CliException;

/**
 * A process of the cluster, on this machine.
 *
 * @param http URL of its health and metrics; empty if only the system is asked about it
 */
public record SoakedProcess(String id, long pid, Optional<URI> http) {

    private static final Pattern WRITTEN = Pattern.compile("([^=,]+)=([0-9]{1,10})(?:,(http://.+))?");

    /**
     * Takes {@code ID=PID} and {@code ID=PID,URL}.
     *
     * @throws CliException for anything else
     */
    public static SoakedProcess parse(String written) {
        Matcher matcher = WRITTEN.matcher(written);
        if (!matcher.matches()) {
            throw new CliException("--process must be ID=PID or ID=PID,http://HOST:PORT, not " + written);
        }
        return new SoakedProcess(
                matcher.group(1),
                Long.parseLong(matcher.group(2)),
                Optional.ofNullable(matcher.group(3)).map(URI::create));
    }
}
