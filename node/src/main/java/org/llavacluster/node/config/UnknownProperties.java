package org.llavacluster.node.config;

import io.smallrye.config.EnvConfigSource;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.spi.ConfigSource;

/**
 * Finds {@code llava.*} properties that no process reads: most are misspelt. One given as a system property or in a file
 * stops the start. An environment variable is reported alone: Kubernetes makes variables such as
 * {@code LLAVA_GATEWAY_SERVICE_HOST} of the names of services.
 */
public final class UnknownProperties {

    private static final String PREFIX = "LLAVA_";

    /** Further apart two names are not the same one misspelt. */
    private static final int MOST_EDITS = 4;

    private UnknownProperties() {}

    /**
     * @param warning called with a line for each environment variable that is no property, in order
     * @throws PropertyException for the first property that is unknown
     */
    public static void check(Config config, Consumer<String> warning) {
        List<String> known = PropertyList.all().stream().map(Property::name).toList();
        for (ConfigSource source : config.getConfigSources()) {
            boolean environment = source instanceof EnvConfigSource;
            unknown(source, known).forEach(name -> {
                if (environment) {
                    warning.accept("the environment variable " + message(name, known));
                } else {
                    throw new PropertyException(message(name, known));
                }
            });
        }
    }

    private static Iterable<String> unknown(ConfigSource source, List<String> known) {
        List<String> forms = known.stream().map(UnknownProperties::canonical).toList();
        TreeSet<String> unknown = new TreeSet<>(Comparator.comparing(UnknownProperties::canonical));
        source.getPropertyNames().stream()
                .filter(name -> canonical(name).startsWith(PREFIX))
                .filter(name -> !forms.contains(canonical(name)))
                .sorted()
                .forEach(unknown::add);
        return unknown;
    }

    private static String message(String name, List<String> known) {
        String nearest = known.stream()
                .min(Comparator.comparingInt(candidate -> distance(name, candidate)))
                .orElseThrow();
        String hint = distance(name, nearest) <= MOST_EDITS
                ? "did you mean " + nearest + "?"
                : "docs/configuration.md has all";
        return name.replaceAll("\\p{Cntrl}", "?") + " is no property; " + hint;
    }

    /** As an environment variable would be called. */
    private static String canonical(String name) {
        return name.replaceAll("[^A-Za-z0-9]", "_").toUpperCase(Locale.ROOT);
    }

    /** How many letters must be added, taken away or changed to make one name of the other. */
    private static int distance(String one, String other) {
        String a = canonical(one);
        String b = canonical(other);
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int changed = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(changed, Math.min(row[j - 1], row[j]) + 1);
            }
        }
        return row[b.length()];
    }
}
