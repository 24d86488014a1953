package org.llavacluster.worker.engine;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import org.llavacluster.engine.Backend;
import org.llavacluster.worker.config.FloatFormat;
import org.llavacluster.worker.config.WeightsFormat;

/** Names what must be equal for two nodes to produce the same bits; a stream resumes only where it is equal. */
public final class NumericsId {

    private static final int DIGITS = 32;

    private NumericsId() {}

    /**
     * @param revision digest of the weights that the role serves
     * @param kv how K and V are stored; absent for roles without them
     */
    public static String of(String revision, WeightsFormat weights, Optional<FloatFormat> kv, Backend backend) {
        String named = String.join(
                "\n",
                "revision " + revision,
                "weights " + weights.written(),
                "kv " + kv.map(FloatFormat::written).orElse("none"),
                "backend " + backend.name(),
                "kernels " + backend.kernelVersion());
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(named.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest).substring(0, DIGITS);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
