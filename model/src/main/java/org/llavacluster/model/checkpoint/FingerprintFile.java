package org.llavacluster.model.checkpoint;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * One fingerprint in a file: magic number, version, the key that it is valid for and the fingerprint of 32 bytes each,
 * and the CRC32C of all of that, little-endian.
 */
record FingerprintFile(Path path) {

    private static final long MAGIC = 0x4c4c_4156_4146_5052L;

    /** Changes with the input of {@link Fingerprint}. */
    private static final int VERSION = 1;

    private static final int HASH_BYTES = 32;
    private static final int CHECKED_BYTES = Long.BYTES + Integer.BYTES + 2 * HASH_BYTES;
    private static final int BYTES = CHECKED_BYTES + Integer.BYTES;

    /**
     * @param name hex
     */
    static FingerprintFile of(Path folder, String name) {
        return new FingerprintFile(folder.toAbsolutePath().resolve(name.substring(0, HASH_BYTES) + ".fingerprint"));
    }

    /**
     * The fingerprint in hex; empty if there is no complete, undamaged file or if it is for another key.
     *
     * @param key hex of 32 bytes
     */
    Optional<String> read(String key) throws IOException {
        byte[] bytes;
        try (InputStream in = Files.newInputStream(path)) {
            bytes = in.readNBytes(BYTES + 1);
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
        if (bytes.length != BYTES) {
            return Optional.empty();
        }
        int from = CHECKED_BYTES - HASH_BYTES;
        String fingerprint = HexFormat.of().formatHex(bytes, from, CHECKED_BYTES);
        return Arrays.equals(bytes, bytes(key, fingerprint)) ? Optional.of(fingerprint) : Optional.empty();
    }

    /** Replaces the file atomically. A file damaged by a power failure is detected by its checksum. */
    void write(String key, String fingerprint) throws IOException {
        Files.createDirectories(path.getParent());
        Path temporary = Files.createTempFile(path.getParent(), "fingerprint", ".tmp");
        try {
            Files.write(temporary, bytes(key, fingerprint));
            Files.move(temporary, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    private static byte[] bytes(String key, String fingerprint) {
        ByteBuffer bytes = ByteBuffer.allocate(BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(MAGIC)
                .putInt(VERSION)
                .put(HexFormat.of().parseHex(key))
                .put(HexFormat.of().parseHex(fingerprint));
        CRC32C crc = new CRC32C();
        crc.update(bytes.array(), 0, CHECKED_BYTES);
        return bytes.putInt((int) crc.getValue()).array();
    }
}
