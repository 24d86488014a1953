package org.llavacluster.model.checkpoint;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.llavacluster.engine.Sha256;

/**
 * SHA-256 over settings and over each weight's name, dtype, shape and content. Of a large weight only some evenly
 * spaced pages are read, so that 14 GB take a few seconds at most on a slow disk. Two folders with the same fingerprint
 * may therefore differ between the samples. Training changes all pages, so the fingerprint tells checkpoints apart and
 * keeps nodes with different ones from being mixed up. It does not protect against deliberate forgery.
 */
final class Fingerprint {

    private static final int PAGE_BYTES = 4096;

    /** Pages read of one weight. A weight of at most this many pages is read completely. */
    private static final int SAMPLES = 8;

    /** Weights whose samples are read concurrently, because the disk's seek time dominates. */
    private static final int AT_ONCE = 16;

    private Fingerprint() {}

    /**
     * @param settings everything besides weights that changes results
     * @param weights fingerprint of the weights
     */
    static String of(String settings, String weights) {
        MessageDigest digest = Sha256.start();
        add(digest, settings);
        add(digest, weights);
        return HexFormat.of().formatHex(digest.digest());
    }

    /**
     * @param weights weights by the programs' names; may be read by any thread
     */
    static String of(SortedMap<String, CheckpointTensor> weights) {
        MessageDigest digest = Sha256.start();
        try (ExecutorService readers = Executors.newFixedThreadPool(AT_ONCE)) {
            Map<String, Future<byte[]>> contents = new LinkedHashMap<>();
            weights.forEach((name, tensor) -> contents.put(name, readers.submit(() -> ofContent(tensor.bytes()))));
            contents.forEach((name, content) -> {
                CheckpointTensor tensor = weights.get(name);
                add(digest, name + " " + tensor.dtype() + " " + Arrays.toString(tensor.shape()));
                digest.update(result(content));
            });
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static byte[] result(Future<byte[]> content) {
        try {
            return content.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while reading weights", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("reading weights failed", e.getCause());
        }
    }

    /** The length goes first, so that different lists of texts never give the same bytes. */
    private static void add(MessageDigest digest, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(0, bytes.length));
        digest.update(bytes);
    }

    private static byte[] ofContent(MemorySegment bytes) {
        MessageDigest digest = Sha256.start();
        if (bytes.byteSize() <= SAMPLES * PAGE_BYTES) {
            digest.update(bytes.asByteBuffer());
            return digest.digest();
        }
        long last = bytes.byteSize() - PAGE_BYTES;
        for (int sample = 0; sample < SAMPLES; sample++) {
            long offset = last * sample / (SAMPLES - 1);
            digest.update(bytes.asSlice(offset, PAGE_BYTES).asByteBuffer());
        }
        return digest.digest();
    }
}
