package org.llavacluster.model.checkpoint;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

/**
 * Fingerprints of large parts of checkpoints, kept in small files, so that a later start does not wait for a disk that
 * seeks for thousands of samples. A remembered fingerprint is valid while the part's weights are at the same places in
 * unchanged files. After any problem with the folder or a file in it, the weights are read instead. Safe for several
 * threads and processes.
 */
public final class RememberedFingerprints {

    /** Remembers nothing. */
    public static final RememberedFingerprints NONE =
            new RememberedFingerprints(Optional.empty(), () -> 0, Long.MAX_VALUE);

    private static final Logger LOG = System.getLogger(RememberedFingerprints.class.getName());

    /** Weights of fewer bytes are not remembered, because their samples are read quickly. */
    private static final long WORTH_REMEMBERING = 256L << 20;

    /**
     * File systems record time in steps of up to two seconds. A second write within one step leaves the time unchanged.
     */
    private static final Duration SETTLED = Duration.ofSeconds(2);

    private final Optional<Path> folder;
    private final LongSupplier epochMillis;
    private final long leastBytes;

    private RememberedFingerprints(Optional<Path> folder, LongSupplier epochMillis, long leastBytes) {
        this.folder = folder;
        this.epochMillis = epochMillis;
        this.leastBytes = leastBytes;
    }

    /**
     * @param folder created if it does not exist
     * @param epochMillis the wall clock, which also sets the times of files
     */
    public RememberedFingerprints(Path folder, LongSupplier epochMillis) {
        this(Optional.of(folder), epochMillis, WORTH_REMEMBERING);
    }

    /**
     * @param leastBytes size of weights from which fingerprints are remembered
     */
    RememberedFingerprints(Path folder, LongSupplier epochMillis, long leastBytes) {
        this(Optional.of(folder), epochMillis, leastBytes);
    }

    /**
     * The fingerprint of weights: remembered, or read and then remembered if possible.
     *
     * @param weights weights of one part, by the programs' names
     */
    String of(SortedMap<String, CheckpointTensor> weights) {
        long began = epochMillis.getAsLong();
        if (folder.isEmpty() || bytes(weights) < leastBytes || !areUnchanged(weights)) {
            return Fingerprint.of(weights);
        }
        String places = places(weights);
        String key = Fingerprint.of(places, identities(weights));
        FingerprintFile file = FingerprintFile.of(folder.get(), Fingerprint.of("places", places));
        return read(file, key).orElseGet(() -> {
            String fingerprint = Fingerprint.of(weights);
            if (areSettled(weights, began) && areUnchanged(weights)) {
                write(file, key, fingerprint);
            }
            return fingerprint;
        });
    }

    private static long bytes(SortedMap<String, CheckpointTensor> weights) {
        return weights.values().stream()
                .mapToLong(tensor -> tensor.bytes().byteSize())
                .sum();
    }

    private static Collection<WeightFile> files(SortedMap<String, CheckpointTensor> weights) {
        return weights.values().stream()
                .map(CheckpointTensor::source)
                .collect(Collectors.toMap(WeightFile::path, file -> file, (one, same) -> one))
                .values();
    }

    private static boolean areUnchanged(SortedMap<String, CheckpointTensor> weights) {
        return files(weights).stream().allMatch(WeightFile::isUnchanged);
    }

    /** Whether a write after {@code now} would change the files' times. */
    private static boolean areSettled(SortedMap<String, CheckpointTensor> weights, long now) {
        return files(weights).stream()
                .flatMap(file -> file.identity().stream())
                .allMatch(identity -> now - identity.changed().toMillis() >= SETTLED.toMillis());
    }

    private static String places(SortedMap<String, CheckpointTensor> weights) {
        return weights.entrySet().stream()
                .map(entry -> entry.getKey() + " " + entry.getValue().dtype() + " "
                        + Arrays.toString(entry.getValue().shape()) + " "
                        + entry.getValue().source().path() + " "
                        + entry.getValue().offset())
                .collect(Collectors.joining("\n"));
    }

    private static String identities(SortedMap<String, CheckpointTensor> weights) {
        return files(weights).stream()
                .map(file -> file.path() + " " + file.identity().orElseThrow())
                .sorted()
                .collect(Collectors.joining("\n"));
    }

    private static Optional<String> read(FingerprintFile file, String key) {
        try {
            return file.read(key);
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "remembered fingerprint cannot be read: {0}", e.toString());
            return Optional.empty();
        }
    }

    /** Logs at debug level only, because packed weights use the same folder and report its problems. */
    private static void write(FingerprintFile file, String key, String fingerprint) {
        try {
            file.write(key, fingerprint);
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "fingerprint cannot be remembered: {0}", e.toString());
        }
    }
}
