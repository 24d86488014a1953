package org.llavacluster.engine.simd;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.llavacluster.engine.DType;
import org.llavacluster.engine.Weights;
import org.llavacluster.engine.WeightsFormat;
import org.llavacluster.engine.contract.CountingWeights;
import org.llavacluster.engine.contract.RandomTensors;
import org.llavacluster.engine.contract.SmallDecoder;
import org.llavacluster.engine.program.Program;
import org.llavacluster.engine.simd.pack.HugeMemory;
import org.llavacluster.engine.simd.pack.Packing;
import org.llavacluster.engine.simd.plan.HeldWeights;
import org.llavacluster.engine.simd.plan.WeightLayout;
import org.llavacluster.engine.simd.threads.WorkerPool;

class PackedSourceTest {

    private static final List<Program> PROGRAMS = List.of(new SmallDecoder(2, 4, 2, 8, 48, 50).program());

    private static final Weights WEIGHTS = RandomTensors.weights(1, DType.BF16, PROGRAMS);

    private static final int DISK_BLOCK = 4096;

    @TempDir
    private Path folder;

    private final WorkerPool pool = new WorkerPool(1);
    private final Arena arena = Arena.ofShared();

    private record Named(Optional<String> digest) implements Weights {

        @Override
        public Weight get(String name) {
            throw new AssertionError("a name needs no weights");
        }
    }

    @AfterEach
    void close() {
        pool.close();
        arena.close();
    }

    @Test
    void shouldFindWhatWasKeptForTheSameWeightsAndFormatOnly() {
        WeightLayout layout = WeightLayout.of(PROGRAMS, WeightsFormat.Q8_0, WEIGHTS);
        assertThat(isPacked(source("a", layout), layout, 7)).isTrue();
        assertThat(isPacked(source("a", layout), layout, 7)).isFalse();
        assertThat(isPacked(source("b", layout), layout, 8)).isTrue();
        WeightLayout other = WeightLayout.of(PROGRAMS, WeightsFormat.Q4_0, WEIGHTS);
        assertThat(isPacked(source("a", other), other, 9)).isTrue();
    }

    /** What is packed was scanned before: a later start scans nothing. */
    @Test
    void shouldScanOnceOverAllStarts() {
        WeightLayout layout = WeightLayout.of(PROGRAMS, WeightsFormat.Q8_0, WEIGHTS);
        Map<String, Long> elements = new HashMap<>();
        layout.matrices().forEach((name, matrix) -> elements.put(name, (long) matrix.columns() * matrix.depth()));
        layout.tables().forEach((name, rows) -> elements.put(name, rows.rows() * rows.columns()));
        layout.constants().forEach((name, floats) -> elements.put(name, (long) floats.elements()));

        assertThat(scannedBy(layout)).isEqualTo(elements);
        assertThat(scannedBy(layout)).isEmpty();
    }

    private Map<String, Long> scannedBy(WeightLayout layout) {
        CountingWeights counting = new CountingWeights(WEIGHTS);
        MemorySegment memory = HugeMemory.allocate(arena, layout.bytes());
        source("scanned", layout)
                .fill(
                        memory,
                        pool,
                        () -> HeldWeights.fill(
                                PROGRAMS,
                                counting,
                                layout,
                                memory,
                                (weight, matrix) -> Packing.pack(weight, matrix, pool)));
        return counting.scanned();
    }

    @Test
    void shouldPackADamagedFileAnewAndSaySoOnce() throws IOException {
        WeightLayout layout = WeightLayout.of(PROGRAMS, WeightsFormat.F32, WEIGHTS);
        isPacked(source("a", layout), layout, 7);
        Path file;
        try (Stream<Path> files = Files.list(folder)) {
            file = files.findFirst().orElseThrow();
        }
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length - 1] ^= 1;
        Files.write(file, bytes);
        List<LogRecord> said = warnings(
                () -> assertThat(isPacked(source("a", layout), layout, 7)).isTrue());
        assertThat(said).singleElement().satisfies(record -> {
            assertThat(record.getMessage()).isEqualTo("{0}, packing them anew");
            assertThat(record.getParameters()).containsExactly("packed weights in " + file + " are damaged");
        });
        assertThat(warnings(() ->
                        assertThat(isPacked(source("a", layout), layout, 7)).isFalse()))
                .isEmpty();
    }

    @Test
    void shouldGoOnWithoutAFolderThatCanBeWritten() throws IOException {
        WeightLayout layout = WeightLayout.of(PROGRAMS, WeightsFormat.F32, WEIGHTS);
        Path file = Files.createFile(folder.resolve("file"));
        PackedSource source = PackedSource.whatever(Optional.of(file), new Named(Optional.of("a")), layout);
        List<LogRecord> said =
                warnings(() -> assertThat(isPacked(source, layout, 7)).isTrue());
        assertThat(said).singleElement().satisfies(record -> assertThat(record.getMessage())
                .contains("going on without"));
    }

    @Test
    void shouldGoOnAndLeaveNothingBehindWhereTheDiskIsFull() throws IOException {
        WeightLayout layout = WeightLayout.of(PROGRAMS, WeightsFormat.F32, WEIGHTS);
        assertThat(layout.bytes()).isGreaterThan(2 * DISK_BLOCK);
        Configuration disk = Configuration.unix().toBuilder()
                .setBlockSize(DISK_BLOCK)
                .setMaxSize(2 * DISK_BLOCK)
                .build();
        try (FileSystem full = Jimfs.newFileSystem(disk)) {
            Path cache = full.getPath("/cache");
            PackedSource source = PackedSource.whatever(Optional.of(cache), new Named(Optional.of("a")), layout);
            List<LogRecord> said =
                    warnings(() -> assertThat(isPacked(source, layout, 7)).isTrue());
            assertThat(said).singleElement().satisfies(record -> assertThat(record.getParameters()[1])
                    .asString()
                    .contains("out of disk space"));
            try (Stream<Path> files = Files.list(cache)) {
                assertThat(files).isEmpty();
            }
        }
    }

    private static List<LogRecord> warnings(Runnable work) {
        List<LogRecord> said = new ArrayList<>();
        Logger logger = Logger.getLogger(PackedSource.class.getName());
        Handler handler = new Handler() {
            @Override
            public void publish(LogRecord record) {
                said.add(record);
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        logger.addHandler(handler);
        try {
            work.run();
        } finally {
            logger.removeHandler(handler);
        }
        return said;
    }

    @Test
    void shouldKeepNeitherSmallModelsNorWeightsWithoutANameNorWithoutAFolder() throws IOException {
        WeightLayout layout = WeightLayout.of(PROGRAMS, WeightsFormat.F32, WEIGHTS);
        Optional<Path> there = Optional.of(folder);
        for (PackedSource source : List.of(
                PackedSource.of(there, new Named(Optional.of("a")), layout),
                PackedSource.whatever(there, new Named(Optional.empty()), layout),
                PackedSource.whatever(Optional.empty(), new Named(Optional.of("a")), layout))) {
            assertThat(isPacked(source, layout, 7)).isTrue();
        }
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).isEmpty();
        }
    }

    private PackedSource source(String digest, WeightLayout layout) {
        return PackedSource.whatever(Optional.of(folder), new Named(Optional.of(digest)), layout);
    }

    /** Whether memory had to be packed, for which it is filled with a value; it holds that afterwards. */
    private boolean isPacked(PackedSource source, WeightLayout layout, int value) {
        MemorySegment memory = HugeMemory.allocate(arena, layout.bytes());
        AtomicBoolean packed = new AtomicBoolean();
        source.fill(memory, pool, () -> {
            memory.fill((byte) value);
            packed.set(true);
        });
        MemorySegment expected = arena.allocate(layout.bytes()).fill((byte) value);
        assertThat(memory.mismatch(expected)).isEqualTo(-1);
        return packed.get();
    }
}
