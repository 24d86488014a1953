package org.llavacluster.fuzz;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * Changes bytes as damage does and as an attacker would: values at the edges, pieces lost, repeated, moved or of
 * another file.
 */
public final class ByteMutator {

    private static final int MOST_CHANGES = 8;
    private static final int MOST_REPEATS = 64;
    private static final long[] EDGES = {
        0,
        1,
        -1,
        2,
        7,
        8,
        15,
        16,
        63,
        64,
        100,
        127,
        128,
        255,
        256,
        1000,
        1024,
        4096,
        32_767,
        32_768,
        65_535,
        65_536,
        Integer.MAX_VALUE,
        Integer.MIN_VALUE,
        Integer.MAX_VALUE - 1,
        1L << 31,
        1L << 32,
        Long.MAX_VALUE,
        Long.MIN_VALUE
    };

    private final List<byte[]> seeds;
    private final List<byte[]> words;
    private final int mostBytes;

    /**
     * @param seeds valid inputs
     * @param words that mean something to the entrance
     * @param mostBytes no input is larger
     */
    public ByteMutator(List<byte[]> seeds, List<String> words, int mostBytes) {
        this.seeds = List.copyOf(seeds);
        this.words = words.stream()
                .map(word -> word.getBytes(StandardCharsets.UTF_8))
                .toList();
        this.mostBytes = mostBytes;
    }

    /** One of the seeds, changed. */
    public byte[] next(Random random) {
        return changed(random, seeds.get(random.nextInt(seeds.size())));
    }

    /** The same bytes with one to a few changes. */
    public byte[] changed(Random random, byte[] bytes) {
        byte[] changed = bytes.clone();
        for (int i = 1 + random.nextInt(MOST_CHANGES); i > 0; i--) {
            changed = change(random, changed);
        }
        return changed.length > mostBytes ? Arrays.copyOf(changed, mostBytes) : changed;
    }

    private byte[] change(Random random, byte[] bytes) {
        int from = random.nextInt(bytes.length + 1);
        int to = Math.min(bytes.length, from + 1 + random.nextInt(1 << random.nextInt(10)));
        return switch (random.nextInt(11)) {
            case 0 -> flipped(random, bytes);
            case 1 -> set(random, bytes);
            case 2, 3 -> edge(random, bytes);
            case 4 -> joined(bytes, 0, from, new byte[0], to);
            case 5 -> joined(bytes, 0, from, noise(random), from);
            case 6 -> joined(bytes, 0, from, repeated(Arrays.copyOfRange(bytes, from, to), random), from);
            case 7 -> Arrays.copyOf(bytes, from);
            case 8 -> joined(bytes, 0, from, piece(random, seeds.get(random.nextInt(seeds.size()))), to);
            case 9 -> joined(bytes, 0, from, piece(random, bytes), from);
            default -> joined(bytes, 0, from, word(random), random.nextBoolean() ? from : to);
        };
    }

    private static byte[] flipped(Random random, byte[] bytes) {
        if (bytes.length > 0) {
            bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
        }
        return bytes;
    }

    private static byte[] set(Random random, byte[] bytes) {
        for (int i = random.nextInt(4); i >= 0 && bytes.length > 0; i--) {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
        }
        return bytes;
    }

    /** A number of one to eight bytes where some number may be, of either order. */
    private static byte[] edge(Random random, byte[] bytes) {
        int size = 1 << random.nextInt(4);
        if (bytes.length < size) {
            return bytes;
        }
        long value = EDGES[random.nextInt(EDGES.length)];
        ByteBuffer number = ByteBuffer.allocate(Long.BYTES)
                .order(random.nextBoolean() ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN)
                .putLong(0, value);
        int start = number.order() == ByteOrder.BIG_ENDIAN ? Long.BYTES - size : 0;
        number.get(start, bytes, random.nextInt(bytes.length - size + 1), size);
        return bytes;
    }

    private static byte[] noise(Random random) {
        byte[] noise = new byte[1 + random.nextInt(16)];
        random.nextBytes(noise);
        return noise;
    }

    private byte[] repeated(byte[] piece, Random random) {
        int times = 1 + random.nextInt(MOST_REPEATS);
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (int i = 0; i < times && all.size() + piece.length <= mostBytes; i++) {
            all.writeBytes(piece);
        }
        return all.toByteArray();
    }

    private static byte[] piece(Random random, byte[] bytes) {
        int from = random.nextInt(bytes.length + 1);
        return Arrays.copyOfRange(bytes, from, from + random.nextInt(Math.min(256, bytes.length - from) + 1));
    }

    private byte[] word(Random random) {
        return words.isEmpty() ? noise(random) : words.get(random.nextInt(words.size()));
    }

    private static byte[] joined(byte[] bytes, int start, int end, byte[] between, int rest) {
        byte[] joined = new byte[end - start + between.length + bytes.length - rest];
        System.arraycopy(bytes, start, joined, 0, end - start);
        System.arraycopy(between, 0, joined, end - start, between.length);
        System.arraycopy(bytes, rest, joined, end - start + between.length, bytes.length - rest);
        return joined;
    }
}
