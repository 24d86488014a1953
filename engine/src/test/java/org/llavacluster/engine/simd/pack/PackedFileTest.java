package org.llavacluster.engine.simd.pack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.llavacluster.engine.simd.threads.WorkerPool;

class PackedFileTest {

    /** More than one piece of 16 MB, the last one short. */
    private static final long BYTES = (33L << 20) + 77;

    @TempDir
    private Path folder;

    private final Arena arena = Arena.ofShared();
    private final WorkerPool pool = new WorkerPool(2);

    @AfterEach
    void close() {
        pool.close();
        arena.close();
    }

    @Test
    void shouldReadWhatItWrote() throws IOException {
        MemorySegment written = filled();
        new PackedFile(folder.resolve("new"), "a").write(written);
        MemorySegment read = arena.allocate(BYTES);
        assertThat(new PackedFile(folder.resolve("new"), "a").read(read, pool)).isTrue();
        assertThat(read.mismatch(written)).isEqualTo(-1);
        assertThat(names(folder.resolve("new"))).containsExactly("a.packed");
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void shouldMapWhatItWroteAndReadTheSameWhileItIsMovedToLargePages() throws Exception {
        MemorySegment written = filled();
        PackedFile file = new PackedFile(folder, "a");
        file.write(written);
        MemorySegment read = HugeMemory.allocate(arena, BYTES);
        MappedContent mapped = file.map(read, pool).orElseThrow();
        assertThat(read.mismatch(written)).isEqualTo(-1);
        assertThat(inFile(read.address())).isTrue();
        Thread mover = Thread.ofPlatform().start(() -> mapped.move(() -> false));
        do {
            assertThat(read.mismatch(written)).isEqualTo(-1);
        } while (!mover.join(Duration.ofNanos(1)));
        assertThat(read.mismatch(written)).isEqualTo(-1);
        assertThat(inFile(read.address())).isFalse();
        assertThat(inFile(read.address() + BYTES - 1)).isFalse();
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void shouldLeaveTheRestMappedWhenToldToStop() throws Exception {
        MemorySegment written = filled();
        PackedFile file = new PackedFile(folder, "a");
        file.write(written);
        MemorySegment read = HugeMemory.allocate(arena, BYTES);
        AtomicInteger asked = new AtomicInteger();
        file.map(read, pool).orElseThrow().move(() -> asked.incrementAndGet() > 2);
        assertThat(inFile(read.address() + (32L << 20) - 1)).isFalse();
        assertThat(inFile(read.address() + (32L << 20))).isTrue();
        assertThat(read.mismatch(written)).isEqualTo(-1);
    }

    @Test
    void shouldGiveBackMemoryThatCanBeWrittenWhereTheFileIsDamaged() throws IOException {
        PackedFile file = new PackedFile(folder, "a");
        file.write(filled());
        MemorySegment memory = HugeMemory.allocate(arena, BYTES);
        flip(folder.resolve("a.packed"), Files.size(folder.resolve("a.packed")) - 1);
        assertThatThrownBy(() -> file.map(memory, pool)).isInstanceOf(DamagedFileException.class);
        memory.fill((byte) 7);
        assertThat(memory.get(ValueLayout.JAVA_BYTE, BYTES - 1)).isEqualTo((byte) 7);
    }

    @Test
    void shouldNotMapOverMemoryWithoutPagesOfItsOwn() throws IOException {
        MemorySegment written = filled().asSlice(0, 1000);
        PackedFile file = new PackedFile(folder, "a");
        file.write(written);
        MemorySegment memory = HugeMemory.allocate(arena, 1000);
        assertThat(file.map(memory, pool)).isEmpty();
        assertThat(file.read(memory, pool)).isTrue();
        assertThat(memory.mismatch(written)).isEqualTo(-1);
    }

    /** Whether a file is mapped at an address, as Linux lists it. */
    private static boolean inFile(long address) throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/self/maps"))) {
            String[] range = line.substring(0, line.indexOf(' ')).split("-");
            if (Long.parseUnsignedLong(range[0], 16) <= address && address < Long.parseUnsignedLong(range[1], 16)) {
                return line.endsWith(".packed");
            }
        }
        throw new AssertionError("nothing is mapped there");
    }

    @Test
    void shouldFindNothingWhereNothingIs() throws IOException {
        assertThat(new PackedFile(folder, "a").read(arena.allocate(BYTES), pool))
                .isFalse();
        assertThat(new PackedFile(folder.resolve("none"), "a").read(arena.allocate(BYTES), pool))
                .isFalse();
    }

    @Test
    void shouldNotTrustADamagedFile() throws IOException {
        MemorySegment written = filled();
        PackedFile file = new PackedFile(folder, "a");
        Path path = folder.resolve("a.packed");
        file.write(written);
        long size = Files.size(path);
        // The magic number, the size, a checksum, and the first, a middle and the last byte of the content.
        for (long at : List.of(0L, 17L, 65L, size - BYTES, size - BYTES / 2, size - 1)) {
            flip(path, at);
            assertDamaged(file, BYTES, "byte " + at);
            flip(path, at);
        }
        assertThat(file.read(arena.allocate(BYTES), pool)).isTrue();
        assertDamaged(file, BYTES - 1, "another size");
        for (long cut : List.of(size - 1, 70L, 0L)) {
            try (RandomAccessFile open = new RandomAccessFile(path.toFile(), "rw")) {
                open.setLength(cut);
            }
            assertDamaged(file, BYTES, "cut off at " + cut);
        }
        file.write(written);
        assertThat(file.read(arena.allocate(BYTES), pool)).as("written anew").isTrue();
    }

    @Test
    void shouldNotCallAFileOfAnotherVersionDamaged() throws IOException {
        PackedFile file = new PackedFile(folder, "a");
        file.write(filled());
        flip(folder.resolve("a.packed"), 8);
        assertThat(file.read(arena.allocate(BYTES), pool)).isFalse();
        assertThat(file.map(HugeMemory.allocate(arena, BYTES), pool)).isEmpty();
    }

    private void assertDamaged(PackedFile file, long bytes, String how) {
        assertThatThrownBy(() -> file.read(arena.allocate(bytes), pool))
                .as(how)
                .isInstanceOf(DamagedFileException.class)
                .hasMessage("packed weights in " + folder.resolve("a.packed") + " are damaged");
        assertThatThrownBy(() -> file.map(HugeMemory.allocate(arena, bytes), pool))
                .as(how)
                .isInstanceOf(DamagedFileException.class);
    }

    @Test
    void shouldSayThatAFolderCannotBeWritten() throws IOException {
        Path notAFolder = Files.createFile(folder.resolve("file"));
        assertThatThrownBy(() -> new PackedFile(notAFolder, "a").write(filled()))
                .isInstanceOf(IOException.class);
    }

    private MemorySegment filled() {
        MemorySegment memory = arena.allocate(BYTES);
        for (long i = 0; i < BYTES; i += 61) {
            memory.set(ValueLayout.JAVA_BYTE, i, (byte) (i * 31 >> 7));
        }
        return memory;
    }

    private static void flip(Path path, long at) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
            file.seek(at);
            int value = file.read();
            file.seek(at);
            file.write(value ^ 1);
        }
    }

    private static List<String> names(Path of) throws IOException {
        try (Stream<Path> files = Files.list(of)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }
}
