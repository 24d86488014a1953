package org.llavacluster.model.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.llavacluster.model.ModelPart;
import org.llavacluster.modelio.config.ModelFolder;

class RememberedFingerprintsTest {

    private static final int A_BYTES = 40_000;
    private static final int B_BYTES = 8;
    private static final long SETTLED_MILLIS = 2_000;

    @TempDir
    private Path temporary;

    private Path file;
    private Path cache;

    @BeforeEach
    void writeWeights() {
        file = temporary.resolve("model.safetensors");
        cache = temporary.resolve("cache/of/tests");
        write(file, 1);
    }

    @Test
    void shouldGiveTheSameFingerprintRememberedOrNot() throws IOException {
        SortedMap<String, CheckpointTensor> weights = mapped();
        String fingerprint = Fingerprint.of(weights);
        assertThat(remembered(SETTLED_MILLIS).of(weights)).isEqualTo(fingerprint);
        assertThat(kept()).hasSize(1);
        assertThat(remembered(SETTLED_MILLIS).of(unreadable())).isEqualTo(fingerprint);
    }

    @Test
    void shouldGiveTheRevisionsOfACheckpointRememberedOrNot() throws IOException {
        Path model = Files.createDirectory(temporary.resolve("model"));
        ModelFolder folder = new RewrittenFolder().write(model, TensorNaming.HUB);
        long now = changedMillis(model.resolve("model.safetensors")) + SETTLED_MILLIS;
        RememberedFingerprints remembered = new RememberedFingerprints(cache, () -> now, 1);
        List<String> revisions = revisions(Checkpoint.open(folder));
        assertThat(revisions(Checkpoint.open(folder, remembered))).isEqualTo(revisions);
        assertThat(kept()).hasSize(ModelPart.values().length);
        assertThat(revisions(Checkpoint.open(folder, remembered))).isEqualTo(revisions);
    }

    @Test
    void shouldReadAgainWhenTheFileWasWrittenWithTheSameSize() throws IOException {
        String before = remembered(SETTLED_MILLIS).of(mapped());
        FileIdentity first = FileIdentity.of(file).orElseThrow();
        write(file, 2);
        // Set, because both writes may fall into one step of the file system's clock.
        Files.setLastModifiedTime(file, FileTime.fromMillis(first.modified().toMillis() - 5_000));
        assertThat(Files.size(file)).isEqualTo(first.bytes());
        assertReadAgain(before);
    }

    @Test
    void shouldReadAgainWhenAnotherFileTookThePlace() throws IOException {
        String before = remembered(SETTLED_MILLIS).of(mapped());
        FileIdentity first = FileIdentity.of(file).orElseThrow();
        replace(2);
        FileIdentity second = FileIdentity.of(file).orElseThrow();
        assertThat(second.bytes()).isEqualTo(first.bytes());
        assertThat(second.modified()).isEqualTo(first.modified());
        assertThat(second.inode()).isNotEqualTo(first.inode());
        assertReadAgain(before);
    }

    @Test
    void shouldReadAgainWhenWeightsLieElsewhereOrAreCalledOtherwise() {
        String before = remembered(SETTLED_MILLIS).of(mapped());
        SortedMap<String, CheckpointTensor> swapped = mapped();
        swapped.put("a", swapped.put("b", swapped.get("a")));
        String after = remembered(SETTLED_MILLIS).of(swapped);
        assertThat(after).isEqualTo(Fingerprint.of(swapped)).isNotEqualTo(before);
    }

    @Test
    void shouldNotRememberAFileThatReplacedTheMappedOne() throws IOException {
        SortedMap<String, CheckpointTensor> mapped = mapped();
        replace(2);
        assertThat(remembered(SETTLED_MILLIS).of(mapped)).isEqualTo(Fingerprint.of(mapped));
        assertThat(kept()).isEmpty();
    }

    @Test
    void shouldNotRememberAFileChangedLessThanTwoSecondsAgo() throws IOException {
        for (long age : new long[] {-10_000, 0, SETTLED_MILLIS - 1}) {
            assertThat(remembered(age).of(mapped())).isEqualTo(Fingerprint.of(mapped()));
            assertThat(kept()).as("%s ms after the change", age).isEmpty();
        }
        remembered(SETTLED_MILLIS).of(mapped());
        assertThat(kept()).hasSize(1);
    }

    @Test
    void shouldNotRememberFewBytes() throws IOException {
        long bytes = A_BYTES + B_BYTES;
        SortedMap<String, CheckpointTensor> weights = mapped();
        assertThat(remembered(SETTLED_MILLIS, bytes + 1).of(weights)).isEqualTo(Fingerprint.of(weights));
        assertThat(kept()).isEmpty();
        remembered(SETTLED_MILLIS, bytes).of(weights);
        assertThat(kept()).hasSize(1);
    }

    @Test
    void shouldNotRememberWhereFilesCannotBeToldApart() throws IOException {
        SortedMap<String, CheckpointTensor> weights = mapped();
        weights.replaceAll((name, tensor) -> new CheckpointTensor(
                new WeightFile("", file, Optional.empty()),
                tensor.offset(),
                name,
                tensor.dtype(),
                tensor.shape(),
                tensor.bytes()));
        assertThat(remembered(SETTLED_MILLIS).of(weights)).isEqualTo(Fingerprint.of(weights));
        assertThat(kept()).isEmpty();
    }

    @Test
    void shouldReadAgainAndRewriteWhatIsDamaged() throws IOException {
        SortedMap<String, CheckpointTensor> weights = mapped();
        String fingerprint = remembered(SETTLED_MILLIS).of(weights);
        Path memory = kept().getFirst();
        byte[] whole = Files.readAllBytes(memory);
        for (int at = 0; at < whole.length; at++) {
            byte[] damaged = whole.clone();
            damaged[at] ^= 4;
            assertRewritten(memory, damaged, whole, fingerprint);
        }
        for (int length : new int[] {0, 1, whole.length - 1, whole.length + 1, 100_000}) {
            assertRewritten(memory, Arrays.copyOf(whole, length), whole, fingerprint);
        }
    }

    @Test
    void shouldReadWhenTheFolderIsNone() throws IOException {
        SortedMap<String, CheckpointTensor> weights = mapped();
        Files.createDirectories(cache.getParent());
        Files.writeString(cache, "a file");
        assertThat(remembered(SETTLED_MILLIS).of(weights)).isEqualTo(Fingerprint.of(weights));
        assertThat(cache).hasContent("a file");
    }

    @Test
    void shouldReadWhenTheMemoryIsAFolder() throws IOException {
        SortedMap<String, CheckpointTensor> weights = mapped();
        String fingerprint = remembered(SETTLED_MILLIS).of(weights);
        Path memory = kept().getFirst();
        Files.delete(memory);
        Files.createDirectories(memory.resolve("full"));
        assertThat(remembered(SETTLED_MILLIS).of(weights)).isEqualTo(fingerprint);
        assertThat(kept()).as("no temporary file is left").containsExactly(memory);
    }

    private void assertRewritten(Path memory, byte[] found, byte[] whole, String fingerprint) throws IOException {
        Files.write(memory, found);
        assertThatThrownBy(() -> remembered(SETTLED_MILLIS).of(unreadable())).isInstanceOf(IllegalStateException.class);
        assertThat(remembered(SETTLED_MILLIS).of(mapped())).isEqualTo(fingerprint);
        assertThat(memory).hasBinaryContent(whole);
    }

    private void assertReadAgain(String before) throws IOException {
        String after = remembered(SETTLED_MILLIS).of(mapped());
        assertThat(after).isEqualTo(Fingerprint.of(mapped())).isNotEqualTo(before);
        assertThat(remembered(SETTLED_MILLIS).of(unreadable())).isEqualTo(after);
        assertThat(kept()).as("one file, written again").hasSize(1);
    }

    private RememberedFingerprints remembered(long ageMillis) {
        return remembered(ageMillis, 1);
    }

    /** At a time that long after the file's change. */
    private RememberedFingerprints remembered(long ageMillis, long leastBytes) {
        long now = changedMillis(file) + ageMillis;
        return new RememberedFingerprints(cache, () -> now, leastBytes);
    }

    private static long changedMillis(Path file) {
        return FileIdentity.of(file).orElseThrow().changed().toMillis();
    }

    private SortedMap<String, CheckpointTensor> mapped() {
        return mapped(Arena.ofAuto());
    }

    /** Weights that cannot be read: only a remembered fingerprint is available. */
    private SortedMap<String, CheckpointTensor> unreadable() {
        try (Arena arena = Arena.ofShared()) {
            return mapped(arena);
        }
    }

    private SortedMap<String, CheckpointTensor> mapped(Arena arena) {
        SortedMap<String, CheckpointTensor> weights = new TreeMap<>();
        SafetensorsFile.map(file, "model.safetensors", arena).forEach(tensor -> weights.put(tensor.name(), tensor));
        return weights;
    }

    private static List<String> revisions(Checkpoint opened) {
        try (Checkpoint checkpoint = opened) {
            return Stream.of(ModelPart.values()).map(checkpoint::revision).toList();
        }
    }

    private List<Path> kept() throws IOException {
        if (Files.notExists(cache)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(cache)) {
            return files.toList();
        }
    }

    /** Replaces the file by another of the same size and time. */
    private void replace(int value) throws IOException {
        Path next = temporary.resolve("next.safetensors");
        write(next, value);
        Files.setLastModifiedTime(next, Files.getLastModifiedTime(file));
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private static void write(Path file, int value) {
        byte[] a = new byte[A_BYTES];
        Arrays.fill(a, (byte) value);
        SafetensorsWriter.write(
                file,
                List.of(
                        SafetensorsWriter.tensor("a", "F32", a, A_BYTES / 4),
                        SafetensorsWriter.tensor("b", "F32", new byte[B_BYTES], B_BYTES / 4)));
    }
}
