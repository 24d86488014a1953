package org.llavacluster.worker.model;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.llavacluster.engine.Backend;
import org.llavacluster.engine.Sha256;
import org.llavacluster.engine.WeightsFormat;

/**
 * Digest of everything that must be equal for two nodes to produce the same bits. A stream resumes only on a node with
 * the same id, and ids are part of tensor names. The {@code revision} covers settings and weights of the part of the
 * checkpoint that the role serves.
 */
public final class NumericsId {

    private static final int DIGITS = 32;

    private NumericsId() {}

    /**
     * Id of a vision or projector node. The wire format counts, because rounding to it decides the bits of its tensors.
     */
    public static String of(String revision, WeightsFormat weights, WireFormat wire, Backend backend) {
        return digest(revision, weights, "wire " + wire, backend);
    }

    /** Id of a decoder. */
    public static String of(String revision, WeightsFormat weights, KvFormat kv, Backend backend) {
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
        byte[] digest = Sha256.of(named.getBytes(StandardCharsets.UTF_8));
        return HexFormat.of().formatHex(digest).substring(0, DIGITS);
    }
}
