package org.llavacluster.systemtest.clients;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.llavacluster.systemtest.harness.Launcher;

/** The versions that the clients are installed in, from the files that pin them. */
final class PinnedVersions {

    private PinnedVersions() {}

    static String python(String distribution) {
        return find(
                "system-test/src/clients/python/requirements.txt", "(?m)^" + Pattern.quote(distribution) + "==(.+)$");
    }

    static String node(String dependency) {
        return find(
                "system-test/src/clients/node/package.json", Pattern.quote("\"" + dependency + "\": ") + "\"(.+)\"");
    }

    /** @param property of the root {@code pom.xml} that holds the version */
    static String maven(String property) {
        return find("pom.xml", Pattern.quote("<" + property + ">") + "(.+)<");
    }

    private static String find(String file, String pattern) {
        try {
            Matcher pin = Pattern.compile(pattern)
                    .matcher(Files.readString(Launcher.root().resolve(file)));
            if (!pin.find()) {
                throw new IllegalStateException(file + " pins nothing like " + pattern);
            }
            return pin.group(1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
