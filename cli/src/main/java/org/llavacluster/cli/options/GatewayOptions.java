package org.llavacluster.cli.options;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.llavacluster.cli.CliException;
import org.llavacluster.cli.options.ClusterOptions.ClusterSize;
import picocli.CommandLine.Option;

/** How the gateway of a shared cluster is reached, and what it allows. */
public final class GatewayOptions {

    private static final int MAX_NAME_CHARACTERS = 256;
    private static final Pattern NAME = Pattern.compile("[^\\s\\p{Cntrl}]+");
    private static final Pattern ORIGIN = Pattern.compile("\\*|https?://[^/?#,\\s]+");
    private static final Pattern HOST = Pattern.compile("[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?(:[0-9]{1,5})?");

    @Option(
            names = "--host",
            paramLabel = "ADDRESS",
            description =
                    "Address that the gateway listens on; default ${DEFAULT-VALUE}. 0.0.0.0 is every address of this"
                            + " machine: the gateway has no authentication.")
    private String host = "127.0.0.1";

    @Option(
            names = "--served-name",
            paramLabel = "NAME",
            description = "Name of the model in requests, replies and /v1/models; default: the folder's name.")
    private String servedName;

    @Option(
            names = "--cors",
            paramLabel = "ORIGIN",
            description =
                    "Origin whose web pages may use the HTTP API, as https://example.org, or *; may be given several"
                            + " times.")
    private List<String> corsOrigins = new ArrayList<>();

    @Option(
            names = "--log-requests",
            description = "Log one line for each request: id, model, tokens, times, outcome; never content.")
    private boolean logRequests;

    @Option(
            names = "--allow-image-host",
            paramLabel = "HOST",
            description =
                    "Host from which the gateway may fetch images by https URL, as HOST or HOST:PORT; may be given"
                            + " several times. Default: none.")
    private List<String> imageHosts = new ArrayList<>();

    /** The address that the gateway listens on. */
    public String host() {
        return host;
    }

    /** The same cluster with a gateway configured by these options. */
    public ClusterSize applyTo(ClusterSize size) {
        GatewaySettings ports = size.gateway();
        return size.with(new GatewaySettings(host, ports.grpcPort(), ports.httpPort(), properties()));
    }

    private Map<String, String> properties() {
        Map<String, String> properties = new LinkedHashMap<>();
        servedName().ifPresent(name -> properties.put("llava.gateway.served-name", name));
        if (!corsOrigins.isEmpty()) {
            require("--cors", "must be an origin such as https://example.org, or *", ORIGIN, corsOrigins);
            properties.put("llava.http.cors-origins", String.join(",", corsOrigins));
        }
        if (logRequests) {
            properties.put("llava.http.log-requests", "true");
        }
        if (!imageHosts.isEmpty()) {
            require("--allow-image-host", "must be the exact name of a host, as HOST or HOST:PORT", HOST, imageHosts);
            properties.put("llava.gateway.image-hosts", String.join(",", imageHosts));
        }
        return properties;
    }

    private Optional<String> servedName() {
        if (servedName != null
                && (servedName.length() > MAX_NAME_CHARACTERS
                        || !NAME.matcher(servedName).matches())) {
            throw new CliException("--served-name must be 1 to " + MAX_NAME_CHARACTERS + " characters without spaces");
        }
        return Optional.ofNullable(servedName);
    }

    private static void require(String option, String rule, Pattern pattern, List<String> values) {
        for (String value : values) {
            if (!pattern.matcher(value).matches()) {
                throw new CliException(option + " " + rule + ", not '" + value + "'");
            }
        }
    }
}
