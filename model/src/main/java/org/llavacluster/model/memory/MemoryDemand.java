package org.llavacluster.model.memory;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.llavacluster.engine.WeightsFormat;
import org.llavacluster.model.ModelPart;

/**
 * The memory that several worker processes take together on one machine, and whether it fits.
 *
 * @param weightBytes bytes of the weights, by format
 * @param kvBytes bytes of the KV caches, whatever the weight format
 * @param processes number of processes, each of which takes {@link #PROCESS_BYTES} in addition
 */
public record MemoryDemand(Map<WeightsFormat, Long> weightBytes, long kvBytes, int processes) {

    /** The runtime, the engine's scratch memory and the activations of one worker. */
    public static final long PROCESS_BYTES = 300_000_000;

    public MemoryDemand {
        weightBytes = Map.copyOf(weightBytes);
    }

    /**
     * The demand of processes that each serve one part.
     *
     * @param processes number of processes per part
     * @param kvBytes bytes of one decoder's KV cache
     */
    public static MemoryDemand of(MemoryNeed need, Map<ModelPart, Integer> processes, long kvBytes) {
        Map<WeightsFormat, Long> weights = new EnumMap<>(WeightsFormat.class);
        for (WeightsFormat format : WeightsFormat.values()) {
            long bytes = 0;
            for (Map.Entry<ModelPart, Integer> some : processes.entrySet()) {
                bytes += some.getValue() * need.weightBytes(some.getKey(), format);
            }
            weights.put(format, bytes);
        }
        int all = processes.values().stream().mapToInt(Integer::intValue).sum();
        return new MemoryDemand(weights, kvBytes * processes.getOrDefault(ModelPart.DECODER, 0), all);
    }

    /** Total bytes with weights in that format. */
    public long bytes(WeightsFormat format) {
        return weightBytes.get(format) + kvBytes + processes * PROCESS_BYTES;
    }

    /**
     * The reason why it does not fit, in one line with the sizes and the largest format that would fit; empty if it
     * fits.
     *
     * @param who subject of the sentence and its verb, such as "the decoder needs"
     * @param available bytes available
     * @param choice how the reader chooses a format
     */
    public Optional<String> refusal(
            String who, WeightsFormat format, long available, Function<WeightsFormat, String> choice) {
        if (bytes(format) <= available) {
            return Optional.empty();
        }
        String sizes = "%s %s in %s (weights %s, KV cache %s) and %s are available; "
                .formatted(
                        who,
                        gigabytes(bytes(format)),
                        format.written(),
                        gigabytes(weightBytes.get(format)),
                        gigabytes(kvBytes),
                        gigabytes(available));
        return Optional.of(sizes
                + Arrays.stream(WeightsFormat.values())
                        .filter(other -> bytes(other) <= available)
                        .findFirst()
                        .map(other -> "in %s it would be %s: %s"
                                .formatted(other.written(), gigabytes(bytes(other)), choice.apply(other)))
                        .orElseGet(this::noneFits));
    }

    /**
     * A warning in one line if it fits the machine but not the memory that other processes leave; empty otherwise.
     *
     * @param who subject of the sentence and its verb
     * @param now bytes available at present
     */
    public Optional<String> warning(String who, WeightsFormat format, long now) {
        return bytes(format) <= now
                ? Optional.empty()
                : Optional.of("%s up to %s in %s and %s are available now: it may be slow, or the kernel may kill it"
                        .formatted(who, gigabytes(bytes(format)), format.written(), gigabytes(now)));
    }

    private String noneFits() {
        WeightsFormat smallest = WeightsFormat.values()[WeightsFormat.values().length - 1];
        return "no format fits, in %s it would still be %s".formatted(smallest.written(), gigabytes(bytes(smallest)));
    }

    private static String gigabytes(long bytes) {
        return String.format(Locale.ROOT, "%.1f GB", bytes / 1e9);
    }
}
