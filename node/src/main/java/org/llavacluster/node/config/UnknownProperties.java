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
 * Finds {@code llava.*} properties that no process reads, most of which are misspelt. As a system property or in a
 * file, one stops the start. As an environment variable it is only logged, because Kubernetes creates variables such as
 * {@code LLAVA_GATEWAY_SERVICE_HOST} from the names of services.
 */
public final class UnknownProperties {

    private static final String PREFIX = "LLAVA_";

    /** Names with a larger edit distance are not suggested. */
    private static final int MOST_EDITS = 4;

    private UnknownProperties() {}

    /**
     * @param warning receives a line for each unknown environment variable, in order
     * @throws PropertyException for the first unknown property
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
        String hint =
                distance(name, nearest) <= MOST_EDITS ? "did you mean " + nearest + "?" : "see docs/configuration.md";
        return name.replaceAll("\\p{Cntrl}", "?") + " is not a property; " + hint;
    }

    /** The name as an environment variable. */
    private static String canonical(String name) {
        return name.replaceAll("[^A-Za-z0-9]", "_").toUpperCase(Locale.ROOT);
    }

    /** The edit distance: letters to add, remove or change. */
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
