package org.llavacluster.fuzz;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/**
 * Changes files piece by piece: pieces are lost, repeated, moved, taken from another file, or changed inside, and
 * lengths and checksums are mended, so that what reads the pieces sees the change.
 */
public final class PieceMutator {

    private static final int MOST_CHANGES = 4;
    private static final byte[] COMPRESSED = {'I', 'D', 'A', 'T'};
    private static final int MOST_INFLATED = 1 << 20;

    private final PieceFormat format;
    private final List<byte[]> seeds;
    private final ByteMutator inside;

    /** @param inside changes the bytes of one piece */
    public PieceMutator(PieceFormat format, List<byte[]> seeds, ByteMutator inside) {
        this.format = format;
        this.seeds = List.copyOf(seeds);
        this.inside = inside;
    }

    /** One of the seeds, changed. */
    public byte[] next(Random random) {
        List<byte[]> pieces = new ArrayList<>(split(random));
        for (int i = 1 + random.nextInt(MOST_CHANGES); i > 0; i--) {
            change(random, pieces);
        }
        return format.join(pieces);
    }

    private void change(Random random, List<byte[]> pieces) {
        int at = random.nextInt(Math.max(1, pieces.size()));
        int kind = pieces.isEmpty() ? 0 : random.nextInt(8);
        switch (kind) {
            case 0 -> {
                List<byte[]> others = split(random);
                if (!others.isEmpty()) {
                    pieces.add(Math.min(at, pieces.size()), others.get(random.nextInt(others.size())));
                }
            }
            case 1 -> pieces.remove(at);
            case 2 -> pieces.add(at, pieces.get(random.nextInt(pieces.size())).clone());
            case 3 -> pieces.add(random.nextInt(pieces.size()), pieces.remove(at));
            default -> pieces.set(at, changed(random, pieces.get(at)));
        }
    }

    private List<byte[]> split(Random random) {
        return format.split(seeds.get(random.nextInt(seeds.size())));
    }

    /** Half of the time what is compressed in it. */
    private byte[] changed(Random random, byte[] piece) {
        if (piece.length > 4 && Arrays.equals(piece, 0, 4, COMPRESSED, 0, 4) && random.nextBoolean()) {
            byte[] data = inflated(piece);
            if (data.length > 0) {
                return deflated(inside.changed(random, data));
            }
        }
        return inside.changed(random, piece);
    }

    private static byte[] inflated(byte[] piece) {
        Inflater inflater = new Inflater();
        try {
            inflater.setInput(piece, 4, piece.length - 4);
            byte[] data = new byte[MOST_INFLATED];
            return Arrays.copyOf(data, inflater.inflate(data));
        } catch (DataFormatException e) {
            return new byte[0];
        } finally {
            inflater.end();
        }
    }

    private static byte[] deflated(byte[] data) {
        Deflater deflater = new Deflater();
        try {
            deflater.setInput(data);
            deflater.finish();
            ByteArrayOutputStream piece = new ByteArrayOutputStream();
            piece.writeBytes(COMPRESSED);
            byte[] buffer = new byte[8192];
            while (!deflater.finished()) {
                piece.write(buffer, 0, deflater.deflate(buffer));
            }
            return piece.toByteArray();
        } finally {
            deflater.end();
        }
    }
}
