package org.llavacluster.engine.simd.pack;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.llavacluster.engine.simd.threads.WorkerPool;

/** Several processes that pack the same weights at once, and others that start meanwhile. */
class PackedFileRaceTest {

    private static final long BYTES = (17L << 20) + 5;
    private static final int ROUNDS = 8;

    /** Hardly takes longer to write than to begin. */
    private static final long SMALL_BYTES = 100;

    private static final int MANY_ROUNDS = 50;

    @TempDir
    private Path folder;

    @Test
    void shouldLetEveryReaderSeeAWholeFileOrNone() throws Exception {
        try (Arena arena = Arena.ofShared();
                ExecutorService processes = Executors.newFixedThreadPool(4)) {
            MemorySegment content = arena.allocate(BYTES).fill((byte) 3);
            List<Callable<Integer>> calls = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                calls.add(() -> {
                    for (int round = 0; round < ROUNDS; round++) {
                        new PackedFile(folder, "a").write(content);
                    }
                    return 0;
                });
                calls.add(() -> wholeReads(content));
            }
            for (Future<Integer> call : processes.invokeAll(calls, 120, TimeUnit.SECONDS)) {
                call.get();
            }
            assertThat(wholeReads(content)).isEqualTo(ROUNDS);
        }
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).singleElement().satisfies(file -> assertThat(file.getFileName())
                    .hasToString("a.packed"));
        }
    }

    @Test
    void shouldLetTwoProcessesPackAtOnce() throws Exception {
        Process other = PackingProgram.start(folder, SMALL_BYTES, MANY_ROUNDS);
        try (Arena arena = Arena.ofShared();
                BufferedReader said = other.inputReader()) {
            MemorySegment content = arena.allocate(SMALL_BYTES).fill((byte) 3);
            assertThat(said.readLine()).isEqualTo("begun");
            for (int round = 0; round < MANY_ROUNDS; round++) {
                new PackedFile(folder, "b").write(content);
            }
            // Between them, what it says that it deleted.
            assertThat(said.lines().anyMatch("done"::equals)).isTrue();
        } finally {
            other.destroyForcibly();
        }
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder("a.packed", "b.packed");
        }
    }

    /** How often there was a file; its content was what is written, each time. */
    private int wholeReads(MemorySegment content) throws IOException {
        int found = 0;
        try (Arena arena = Arena.ofShared();
                WorkerPool pool = new WorkerPool(1)) {
            for (int round = 0; round < ROUNDS; round++) {
                MemorySegment read = arena.allocate(BYTES);
                if (new PackedFile(folder, "a").read(read, pool)) {
                    assertThat(read.mismatch(content)).isEqualTo(-1);
                    found++;
                }
            }
        }
        return found;
    }
}
