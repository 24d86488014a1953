package org.llavacluster.engine.simd.threads;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WorkerPoolTest {

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 8})
    void shouldDoEachPieceOnceAndReturnWhenAllAreDone(int threads) {
        Random random = new Random(1);
        try (WorkerPool pool = new WorkerPool(threads)) {
            Scratch scratch = new Scratch();
            for (int run = 0; run < 2_000; run++) {
                int count = random.nextInt(40);
                AtomicIntegerArray done = new AtomicIntegerArray(count);
                pool.run(count, (piece, own) -> done.incrementAndGet(piece), scratch);
                for (int piece = 0; piece < count; piece++) {
                    assertThat(done.get(piece))
                            .as("run %s, piece %s of %s", run, piece, count)
                            .isEqualTo(1);
                }
            }
        }
    }

    /**
     * As where another process takes a core away: the rest is done meanwhile, so that only the piece in hand is waited
     * for.
     */
    @Test
    void shouldDoAllOtherPiecesWhileOneThreadIsHeldUp() {
        try (WorkerPool pool = new WorkerPool(2)) {
            int count = 50;
            CountDownLatch others = new CountDownLatch(count - 1);
            AtomicBoolean held = new AtomicBoolean();
            pool.run(
                    count,
                    (piece, own) -> {
                        // Whoever comes first is held up until the other has done all the rest.
                        if (held.compareAndSet(false, true)) {
                            await(others);
                        } else {
                            others.countDown();
                        }
                    },
                    new Scratch());
            assertThat(others.getCount()).isZero();
        }
    }

    @Test
    void shouldThrowWhatAPieceThrewAfterTheOthersAndGoOn() {
        try (WorkerPool pool = new WorkerPool(3)) {
            for (int run = 0; run < 200; run++) {
                AtomicIntegerArray done = new AtomicIntegerArray(20);
                int bad = run % 20;
                assertThatThrownBy(() -> pool.run(
                                20,
                                (piece, own) -> {
                                    done.incrementAndGet(piece);
                                    if (piece == bad) {
                                        throw new IllegalArgumentException("piece " + piece);
                                    }
                                },
                                new Scratch()))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessage("piece " + bad);
                for (int piece = 0; piece < 20; piece++) {
                    assertThat(done.get(piece)).isEqualTo(1);
                }
                pool.run(20, (piece, own) -> {}, new Scratch());
            }
        }
    }

    @Test
    void shouldDoTheWorkOfSeveralCallersInTurn() throws Exception {
        try (WorkerPool pool = new WorkerPool(3);
                ExecutorService callers = Executors.newFixedThreadPool(4)) {
            List<Callable<Void>> calls = new ArrayList<>();
            for (int caller = 0; caller < 4; caller++) {
                calls.add(() -> {
                    Scratch scratch = new Scratch();
                    for (int run = 0; run < 500; run++) {
                        AtomicIntegerArray done = new AtomicIntegerArray(7);
                        pool.run(7, (piece, own) -> done.incrementAndGet(piece), scratch);
                        for (int piece = 0; piece < 7; piece++) {
                            assertThat(done.get(piece)).isEqualTo(1);
                        }
                    }
                    return null;
                });
            }
            for (Future<Void> call : callers.invokeAll(calls, 60, TimeUnit.SECONDS)) {
                call.get();
            }
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            if (!latch.await(60, TimeUnit.SECONDS)) {
                throw new IllegalStateException("waited too long");
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
