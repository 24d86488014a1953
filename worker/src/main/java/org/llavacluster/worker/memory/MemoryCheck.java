package org.llavacluster.worker.memory;

import java.util.Locale;
import java.util.Map;
import org.llavacluster.engine.WeightsFormat;
import org.llavacluster.model.ModelPart;
import org.llavacluster.model.memory.KvSizing;
import org.llavacluster.model.memory.MemoryDemand;
import org.llavacluster.model.memory.MemoryNeed;
import org.llavacluster.node.config.PropertyException;
import org.llavacluster.text.config.ModelConfig;
import org.llavacluster.worker.config.WorkerConfiguration;

/** Whether a worker's part of a model fits its machine: told before loading, where it would end with the process killed. */
public final class MemoryCheck {

    private MemoryCheck() {}

    /**
     * @param engine that was chosen, by its name
     * @param available bytes of the machine or container
     * @throws PropertyException with the sizes, and the format that would fit if there is one
     */
    public static void require(
            WorkerConfiguration configuration, ModelConfig model, ModelPart part, String engine, long available) {
        long kv = KvSizing.bytes(
                configuration.kvTokens(), model.decoder(), configuration.kv().dtype(), available);
        String lower = part.name().toLowerCase(Locale.ROOT);
        MemoryDemand.of(new MemoryNeed(model), Map.of(part, 1), kv)
                .refusal(
                        "the " + lower + " needs", configuration.weights(), available, format -> choice(engine, format))
                .ifPresent(reason -> {
                    throw new PropertyException("llava.weights does not fit: " + reason);
                });
    }

    private static String choice(String engine, WeightsFormat format) {
        String weights = "llava.weights=" + format.written();
        return engine.equals("tensorflow") ? "llava.engine=simd and " + weights : weights;
    }
}
