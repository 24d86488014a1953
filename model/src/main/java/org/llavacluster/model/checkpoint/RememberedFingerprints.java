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
 * Fingerprints of large parts of checkpoints, kept in small files, so that a later start need not wait for a disk that looks for thousands
 * of samples. A remembered one counts while the part's weights lie where they lay, in files that nobody has touched. Whatever is wrong
 * with the folder or with a file in it, the weights are read as if nothing had been remembered. May be used by several threads and
 * processes.
 */
public final class RememberedFingerprints {

    /** Remembers nothing. */
    public static final RememberedFingerprints NONE =
            new RememberedFingerprints(Optional.empty(), () -> 0, Long.MAX_VALUE);

    private static final Logger LOG = System.getLogger(RememberedFingerprints.class.getName());

    /** The samples of less than this are read at once. */
    private static final long WORTH_REMEMBERING = 256L << 20;

    /** File systems count time in steps of up to two seconds: a second write within one changes no time stamp. */
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
     * @param folder made if it does not exist
     * @param epochMillis the wall clock, which files have their times from
     */
    public RememberedFingerprints(Path folder, LongSupplier epochMillis) {
        this(Optional.of(folder), epochMillis, WORTH_REMEMBERING);
    }

    /** @param leastBytes of weights that are worth it */
    RememberedFingerprints(Path folder, LongSupplier epochMillis, long leastBytes) {
        this(Optional.of(folder), epochMillis, leastBytes);
    }

    /**
     * The fingerprint of weights, remembered or else read and, if that may be, remembered from now on.
     *
     * @param weights of one part, by the programs' names
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

    /** Whether a further write from {@code now} on would change the files' times. */
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

    /** Says nothing loud: packed weights are kept in the same folder, and whoever keeps them does. */
    private static void write(FingerprintFile file, String key, String fingerprint) {
        try {
            file.write(key, fingerprint);
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "fingerprint cannot be remembered: {0}", e.toString());
        }
    }
}
