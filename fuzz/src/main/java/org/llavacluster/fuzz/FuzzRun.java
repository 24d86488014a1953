package org.llavacluster.fuzz;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;

/**
 * Draws inputs for one entrance and looks how it takes them.
 *
 * <p>Without properties it takes a few fixed inputs, the same each time: a test like any other. With {@code
 * llava.fuzz.minutes} it goes on for that time from a seed of its own, which it prints; {@code llava.fuzz.seed} gives
 * that seed again and {@code llava.fuzz.input} one input of it alone. Inputs that break a promise are made smaller,
 * written to {@code target/fuzz} and named in the failure.
 */
public final class FuzzRun {

    private static final long FIXED_SEED = 20_26;
    private static final int MOST_FINDINGS = 25;
    private static final int SHRINKING_STEPS = 2_000;
    private static final Duration REPORT_INTERVAL = Duration.ofMinutes(1);

    /** An input that takes longer is shown by its number and the place where it is stuck. */
    private static final Duration STUCK = Duration.ofMinutes(2);

    private final String entrance;
    private final int fixedInputs;
    private final FuzzBounds bounds;
    private final long seed;
    private final Map<String, FuzzFinding> findings = new LinkedHashMap<>();
    private final AtomicLong number = new AtomicLong();
    private final AtomicLong started = new AtomicLong(System.nanoTime());
    private volatile boolean over;

    /**
     * @param entrance a word, by which findings are named
     * @param fixedInputs how many are taken where no time is given
     */
    public FuzzRun(String entrance, int fixedInputs, FuzzBounds bounds) {
        this.entrance = entrance;
        this.fixedInputs = fixedInputs;
        this.bounds = bounds;
        Long given = Long.getLong("llava.fuzz.seed");
        this.seed =
                given != null ? given : isTimed() ? ThreadLocalRandom.current().nextLong() : FIXED_SEED;
    }

    private static boolean isTimed() {
        return System.getProperty("llava.fuzz.minutes") != null;
    }

    /**
     * Takes inputs until the time is over, or as many as are fixed.
     *
     * @param generator draws an input
     * @throws AssertionError naming the seed and each kind of finding, with the file that has its input
     */
    public void check(Function<Random, byte[]> generator, FuzzTarget target) {
        System.out.printf("fuzz %s: seed %d%n", entrance, seed);
        Thread watch = watch(Thread.currentThread());
        try {
            Long only = Long.getLong("llava.fuzz.input");
            if (only != null) {
                take(only, generator, target);
            } else {
                takeAll(generator, target);
            }
        } finally {
            over = true;
            watch.interrupt();
        }
        System.out.printf("fuzz %s: %d inputs, %d kinds of findings%n", entrance, number.get(), findings.size());
        if (!findings.isEmpty()) {
            throw failure();
        }
    }

    private void takeAll(Function<Random, byte[]> generator, FuzzTarget target) {
        long begin = System.nanoTime();
        long length = isTimed() ? (long) (Double.parseDouble(System.getProperty("llava.fuzz.minutes")) * 60e9) : 0;
        long reported = begin;
        while (findings.size() < MOST_FINDINGS
                && (isTimed() ? System.nanoTime() - begin < length : number.get() < fixedInputs)) {
            take(number.get(), generator, target);
            number.incrementAndGet();
            if (System.nanoTime() - reported > REPORT_INTERVAL.toNanos()) {
                reported = System.nanoTime();
                System.out.printf(
                        "fuzz %s: %d inputs, %d kinds of findings%n", entrance, number.get(), findings.size());
            }
        }
    }

    private void take(long which, Function<Random, byte[]> generator, FuzzTarget target) {
        started.set(System.nanoTime());
        byte[] input = generator.apply(new Random(mix(seed, which)));
        failureOf(target, input).ifPresent(cause -> {
            String place = FuzzFinding.place(cause);
            if (!findings.containsKey(place)) {
                System.out.printf("fuzz %s: input %d: %s: %s%n", entrance, which, place, cause.getMessage());
                byte[] small = shrunk(input, place, target);
                findings.put(
                        place,
                        new FuzzFinding(which, small, failureOf(target, small).orElse(cause)));
            }
        });
    }

    /** Neighbouring seeds of {@link Random} begin alike: these do not. */
    private static long mix(long seed, long which) {
        long mixed = (seed + which) * 0x9E3779B97F4A7C15L;
        mixed = (mixed ^ (mixed >>> 30)) * 0xBF58476D1CE4E5B9L;
        return mixed ^ (mixed >>> 27);
    }

    /** Errors of the JVM as well: they are what is looked for, and the run goes on as long as it can. */
    private Optional<Throwable> failureOf(FuzzTarget target, byte[] input) {
        try {
            bounds.take(target, input);
            return Optional.empty();
        } catch (Throwable e) {
            return Optional.of(e);
        }
    }

    /** Cuts pieces out for as long as the input fails at the same place. */
    private byte[] shrunk(byte[] input, String place, FuzzTarget target) {
        byte[] smallest = input;
        int steps = 0;
        for (int piece = Math.max(1, input.length / 2); piece >= 1; piece /= 2) {
            for (int at = 0; at + piece <= smallest.length && steps < SHRINKING_STEPS; steps++) {
                started.set(System.nanoTime());
                byte[] less = without(smallest, at, piece);
                boolean same = failureOf(target, less)
                        .map(FuzzFinding::place)
                        .filter(place::equals)
                        .isPresent();
                if (same) {
                    smallest = less;
                } else {
                    at += piece;
                }
            }
        }
        return smallest;
    }

    private static byte[] without(byte[] bytes, int at, int length) {
        byte[] less = new byte[bytes.length - length];
        System.arraycopy(bytes, 0, less, 0, at);
        System.arraycopy(bytes, at + length, less, at, bytes.length - at - length);
        return less;
    }

    private Thread watch(Thread taker) {
        return Thread.ofPlatform().daemon().name("watch-fuzz-" + entrance).start(() -> {
            while (!over) {
                java.util.concurrent.locks.LockSupport.parkNanos(REPORT_INTERVAL.toNanos() / 4);
                if (!over && System.nanoTime() - started.get() > STUCK.toNanos()) {
                    System.out.printf("fuzz %s: seed %d, input %d is stuck%n", entrance, seed, number.get());
                    for (StackTraceElement frame : taker.getStackTrace()) {
                        System.out.println("    at " + frame);
                    }
                    started.set(System.nanoTime());
                }
            }
        });
    }

    private AssertionError failure() {
        List<String> lines = new ArrayList<>();
        lines.add("fuzz " + entrance + ": seed " + seed + ", " + findings.size()
                + " kinds of findings; -Dllava.fuzz.seed=" + seed + " -Dllava.fuzz.input=NUMBER takes one again");
        AssertionError failure = new AssertionError();
        for (FuzzFinding finding : findings.values()) {
            lines.add(finding.describe() + ", kept in " + kept(finding));
            failure.addSuppressed(finding.cause());
        }
        AssertionError named = new AssertionError(String.join(System.lineSeparator(), lines));
        for (Throwable cause : failure.getSuppressed()) {
            named.addSuppressed(cause);
        }
        return named;
    }

    private Path kept(FuzzFinding finding) {
        try {
            Path folder = Files.createDirectories(Path.of("target", "fuzz", entrance));
            return Files.write(folder.resolve(seed + "-" + finding.number()), finding.input());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
