package org.llavacluster.node.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.llavacluster.node.failure.Failure;
import org.llavacluster.node.tensor.TensorTable.Beginning;
import org.llavacluster.node.tensor.TensorTable.Effect;
import org.llavacluster.node.tensor.TensorTable.Entry;
import org.llavacluster.proto.cluster.v1.DataType;
import org.llavacluster.proto.tensor.TensorLayout;

/** Holds the limits {@code FixedLimits.TENSOR_WAITERS} and {@code WorkerProperties.TENSOR_CACHE_BYTES}. */
class TensorTableTest {

    private static final int LIMIT = 1000;
    private static final int MAX_WAITERS = 5;

    static Stream<Long> seeds() {
        return LongStream.range(0, 200).boxed();
    }

    /**
     * Random calls. After each one the books must balance: used bytes are those of live and pending tensors and within
     * the limit; every waiter that is not parked has exactly one answer; every tensor is released exactly once and
     * never while pinned; at the end nothing is left.
     */
    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void shouldConserveBytesPinsAndWaiters(long seed) {
        Books books = new Books(new Random(seed));
        for (int step = 0; step < 400; step++) {
            String did = books.step();
            books.check("seed " + seed + " step " + step + " " + did);
        }
        books.finish();
        books.check("seed " + seed + " at the end");
        assertThat(books.table.usedBytes()).as("seed %d", seed).isZero();
        assertThat(books.table.waiters()).isZero();
        assertThat(books.table.readyEntries()).isZero();
        assertThat(books.alive).isEmpty();
    }

    /** A second set of books, kept from the effects only. */
    private static final class Books {

        final TensorTable<Integer, Integer> table = new TensorTable<>(LIMIT, MAX_WAITERS);
        final Random random;
        final Map<CachedTensor, Integer> alive = new HashMap<>();
        final List<Entry<Integer, Integer>> pins = new ArrayList<>();
        final Map<Entry<Integer, Integer>, Long> makings = new HashMap<>();
        final Map<Integer, Long> parked = new HashMap<>();
        final Set<Integer> answered = new HashSet<>();
        final Set<Entry<Integer, Integer>> stopped = new HashSet<>();
        int nextWaiter;
        long now = 0;

        Books(Random random) {
            this.random = random;
        }

        String step() {
            now += random.nextInt(3);
            return switch (random.nextInt(8)) {
                case 0 -> begin();
                case 1, 2 -> findOrBegin();
                case 3 -> find();
                case 4 -> complete();
                case 5 -> end();
                case 6 -> unpin();
                case 7 -> leave();
                default -> throw new AssertionError();
            };
        }

        private int key() {
            return random.nextInt(6);
        }

        private long size() {
            return random.nextInt(20) == 0 ? LIMIT + 1 : 2L * (1 + random.nextInt(250));
        }

        private String begin() {
            int key = key();
            long bytes = size();
            boolean there = table.contains(key);
            List<Effect<Integer, Integer>> effects = new ArrayList<>();
            Beginning<Integer, Integer> beginning = table.begin(key, bytes, true, effects);
            assertThat(beginning instanceof Beginning.Present).isEqualTo(there);
            began(beginning, bytes);
            follow(effects);
            return "begin " + key;
        }

        private String findOrBegin() {
            int key = key();
            long bytes = size();
            int waiter = nextWaiter++;
            long deadline = now + random.nextInt(30);
            List<Effect<Integer, Integer>> effects = new ArrayList<>();
            began(table.findOrBegin(key, bytes, waiter, deadline, now, effects), bytes);
            follow(effects, waiter, deadline);
            assertThat(parked.containsKey(waiter) || answered.contains(waiter)).isTrue();
            return "findOrBegin " + key;
        }

        private void began(Beginning<Integer, Integer> beginning, long bytes) {
            if (beginning instanceof Beginning.Began<Integer, Integer>(Entry<Integer, Integer> entry)) {
                makings.put(entry, bytes);
                follow(table.onAbandoned(
                        entry, () -> assertThat(stopped.add(entry)).isTrue()));
            }
        }

        private String find() {
            int key = key();
            int waiter = nextWaiter++;
            boolean there = table.contains(key);
            long deadline = now + random.nextInt(30);
            List<Effect<Integer, Integer>> effects = table.find(key, waiter, deadline, now);
            follow(effects, waiter, deadline);
            if (!there) {
                assertThat(effects).contains(new Effect.Answer<>(waiter, new TensorAnswer.Absent()));
            }
            return "find " + key;
        }

        private String complete() {
            Entry<Integer, Integer> entry = any(makings.keySet());
            if (entry == null) {
                return "nothing";
            }
            long elements = 1 + random.nextLong(makings.remove(entry) / 2);
            CachedTensor tensor = CachedTensor.onHeap(
                    new TensorLayout(ByteString.copyFromUtf8("k"), DataType.DATA_TYPE_F16, List.of(elements)),
                    new byte[(int) elements * 2]);
            alive.put(tensor, 0);
            follow(table.complete(entry, tensor, now));
            // Completed a second time by mistake: the late tensor is released at once.
            CachedTensor late = CachedTensor.onHeap(tensor.layout(), new byte[(int) elements * 2]);
            assertThat(table.complete(entry, late, now)).contains(new Effect.Release<>(late));
            return "complete";
        }

        private String end() {
            Entry<Integer, Integer> entry = any(makings.keySet());
            if (entry == null) {
                return "nothing";
            }
            makings.remove(entry);
            follow(table.end(entry, new TensorAnswer.WrongRevision(), now));
            assertThat(table.end(entry, new TensorAnswer.Absent(), now)).isEmpty();
            return "end";
        }

        private String unpin() {
            if (pins.isEmpty()) {
                return "nothing";
            }
            Entry<Integer, Integer> entry = pins.remove(random.nextInt(pins.size()));
            alive.merge(entry.tensor(), -1, Integer::sum);
            follow(table.unpin(entry));
            return "unpin";
        }

        private String leave() {
            int waiter = random.nextInt(nextWaiter + 1);
            parked.remove(waiter);
            follow(table.leave(waiter));
            return "leave " + waiter;
        }

        private void follow(List<Effect<Integer, Integer>> effects) {
            follow(effects, -1, 0);
        }

        private void follow(List<Effect<Integer, Integer>> effects, int asking, long deadline) {
            for (Effect<Integer, Integer> effect : effects) {
                switch (effect) {
                    case Effect.Answer<Integer, Integer>(Integer waiter, TensorAnswer answer) -> {
                        answered(waiter);
                        if (answer instanceof TensorAnswer.Failed(Failure.Expired _) && waiter != asking) {
                            assertThat(parked.get(waiter)).isLessThanOrEqualTo(now);
                        }
                        parked.remove(waiter);
                    }
                    case Effect.Deliver<Integer, Integer>(Integer waiter, Entry<Integer, Integer> entry) -> {
                        answered(waiter);
                        parked.remove(waiter);
                        assertThat(alive).containsKey(entry.tensor());
                        alive.merge(entry.tensor(), 1, Integer::sum);
                        pins.add(entry);
                    }
                    case Effect.Parked<Integer, Integer>(Integer waiter) -> {
                        assertThat(waiter).isEqualTo(asking);
                        parked.put(waiter, deadline);
                    }
                    case Effect.Release<Integer, Integer>(CachedTensor tensor) ->
                        assertThat(alive.remove(tensor))
                                .as("released once, not pinned")
                                .isZero();
                    case Effect.Stop<Integer, Integer>(Runnable action) -> action.run();
                }
            }
        }

        private void answered(int waiter) {
            assertThat(answered.add(waiter))
                    .as("waiter %d answered once", waiter)
                    .isTrue();
        }

        void check(String what) {
            long held =
                    alive.keySet().stream().mapToLong(t -> t.bytes().byteSize()).sum();
            long reserved = makings.values().stream().mapToLong(Long::longValue).sum();
            assertThat(table.usedBytes()).as(what).isEqualTo(held + reserved).isLessThanOrEqualTo(LIMIT);
            assertThat(table.waiters()).as(what).isEqualTo(parked.size()).isLessThanOrEqualTo(MAX_WAITERS);
            assertThat(table.readyEntries()).as(what).isEqualTo(alive.size());
            assertThat(table.readyEntries() - table.idleEntries()).as(what).isEqualTo((int)
                    alive.values().stream().filter(count -> count > 0).count());
        }

        void finish() {
            follow(table.close());
            parked.clear();
            while (!makings.isEmpty()) {
                if (random.nextBoolean()) {
                    complete();
                } else {
                    end();
                }
            }
            while (!pins.isEmpty()) {
                unpin();
            }
        }

        private Entry<Integer, Integer> any(Set<Entry<Integer, Integer>> of) {
            return of.isEmpty() ? null : List.copyOf(of).get(random.nextInt(of.size()));
        }
    }

    @Test
    void shouldEvictTheLeastRecentlyUsedThatNobodySends() {
        TensorTable<String, String> table = new TensorTable<>(100, 5);
        Entry<String, String> a = made(table, "a", 40);
        made(table, "b", 40);
        // a is used after b, and still being sent.
        assertThat(table.find("a", "w", 1, 0)).containsExactly(new Effect.Deliver<>("w", a));
        List<Effect<String, String>> effects = new ArrayList<>();
        assertThat(table.begin("c", 40, true, effects)).isInstanceOf(Beginning.Began.class);
        assertThat(effects).hasSize(1).first().isInstanceOf(Effect.Release.class);
        assertThat(table.contains("b")).isFalse();
        assertThat(table.contains("a")).isTrue();
        // The rest is pinned or pending: no room at present.
        assertThat(table.begin("d", 40, true, effects))
                .isInstanceOfSatisfying(Beginning.Refused.class, refused -> assertThat(refused.failure())
                        .isInstanceOf(Failure.Overloaded.class));
        assertThat(table.begin("d", 101, true, effects))
                .isInstanceOfSatisfying(Beginning.Refused.class, refused -> assertThat(refused.failure())
                        .isInstanceOf(Failure.TooLarge.class));
        table.unpin(a);
        assertThat(table.begin("d", 40, true, effects)).isInstanceOf(Beginning.Began.class);
        assertThat(table.evictions()).isEqualTo(2);
    }

    @Test
    void shouldAbandonATensorThatNothingWaitsForUnlessItIsKept() {
        TensorTable<String, String> table = new TensorTable<>(100, 5);
        List<String> stopped = new ArrayList<>();
        List<Effect<String, String>> effects = new ArrayList<>();
        Entry<String, String> wanted =
                ((Beginning.Began<String, String>) table.findOrBegin("a", 10, "w", 9, 0, effects)).entry();
        Entry<String, String> kept = ((Beginning.Began<String, String>) table.begin("b", 10, true, effects)).entry();
        table.onAbandoned(wanted, () -> stopped.add("a"));
        table.onAbandoned(kept, () -> stopped.add("b"));
        table.find("b", "v", 9, 0);
        run(table.leave("w"));
        run(table.leave("v"));
        assertThat(stopped).containsExactly("a");
        assertThat(table.contains("a")).isFalse();
        assertThat(table.contains("b")).isTrue();
        assertThat(table.usedBytes()).isEqualTo(20);
        table.end(wanted, new TensorAnswer.Absent(), 0);
        assertThat(table.usedBytes()).isEqualTo(10);
    }

    @Test
    void shouldRefuseASecondActionForAnAbandonedTensor() {
        TensorTable<String, String> table = new TensorTable<>(100, 5);
        Entry<String, String> entry =
                ((Beginning.Began<String, String>) table.begin("a", 10, true, new ArrayList<>())).entry();
        table.onAbandoned(entry, () -> {});
        assertThatIllegalStateException().isThrownBy(() -> table.onAbandoned(entry, () -> {}));
    }

    private static void run(List<Effect<String, String>> effects) {
        effects.forEach(effect -> {
            if (effect instanceof Effect.Stop<String, String>(Runnable action)) {
                action.run();
            }
        });
    }

    private static Entry<String, String> made(TensorTable<String, String> table, String key, int bytes) {
        List<Effect<String, String>> effects = new ArrayList<>();
        Entry<String, String> entry =
                ((Beginning.Began<String, String>) table.begin(key, bytes, true, effects)).entry();
        TensorLayout layout =
                new TensorLayout(ByteString.copyFromUtf8(key), DataType.DATA_TYPE_F16, List.of(bytes / 2L));
        table.complete(entry, CachedTensor.onHeap(layout, new byte[bytes]), 0);
        return entry;
    }
}
