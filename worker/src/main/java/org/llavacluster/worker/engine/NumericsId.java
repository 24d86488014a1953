package org.llavacluster.worker.engine;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.llavacluster.engine.Backend;
import org.llavacluster.engine.WeightsFormat;
import org.llavacluster.worker.config.FloatFormat;
import org.llavacluster.worker.wire.WireFormat;

/**
 * Names what must be equal for two nodes to produce the same bits: a stream resumes only where it is equal, and tensors are named by
 * it. A {@code revision} is the checkpoint's of the part that the role serves: settings and weights.
 */
public final class NumericsId {

    private static final int DIGITS = 32;

    private NumericsId() {}

    /** Of a vision or projector node: what its tensors are rounded to is part of their bits. */
    public static String of(String revision, WeightsFormat weights, WireFormat wire, Backend backend) {
        return digest(revision, weights, "wire " + wire, backend);
    }

    /** Of a decoder. */
    public static String of(String revision, WeightsFormat weights, FloatFormat kv, Backend backend) {
        return digest(revision, weights, "kv " + kv, backend);
    }

    private static String digest(String revision, WeightsFormat weights, String results, Backend backend) {
        String named = String.join(
                "\n",
                "revision " + revision,
                "weights " + weights,
                results,
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
