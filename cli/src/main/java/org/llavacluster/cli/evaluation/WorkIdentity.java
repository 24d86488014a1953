package org.llavacluster.cli.evaluation;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Collection;
import java.util.HexFormat;
import org.llavacluster.engine.Sha256;

/** Identifies inputs of long work, so that it is only continued with the same ones. */
public final class WorkIdentity {

    private WorkIdentity() {}

    /** A digest of the texts of these values, in their order. */
    public static String of(Collection<?> values) {
        MessageDigest digest = Sha256.start();
        values.forEach(value -> digest.update((value + "\n").getBytes(StandardCharsets.UTF_8)));
        return HexFormat.of().formatHex(digest.digest());
    }
}
