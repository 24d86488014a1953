package org.llavacluster.autoscaling;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** A role whose number of workers follows its load. */
public enum ScaledRole {
    /** Its work is counted in tiles. */
    VISION,
    /** Its work is counted in rows. */
    PROJECTOR,
    /** Its work is counted in requests. */
    DECODER;

    /** The role of a name in lower case. */
    public static Optional<ScaledRole> named(String name) {
        return Stream.of(values()).filter(role -> role.lowerCase().equals(name)).findFirst();
    }

    public String lowerCase() {
        return name().toLowerCase(Locale.ROOT);
    }
}
