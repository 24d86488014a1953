package org.llavacluster.worker.memory;

import java.util.Locale;
import java.util.Map;
import org.jboss.logging.Logger;
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

    private static final Logger LOG = Logger.getLogger(MemoryCheck.class);

    private MemoryCheck() {}

    /**
     * Refuses what does not fit. What would fit if other processes took less is only warned of: those may end, or give way.
     *
     * @param engine that was chosen, by its name
     * @param available bytes of the machine or container
     * @param now how many of these are available at present
     * @throws PropertyException with the sizes, and the format that would fit if there is one
     */
    public static void require(
            WorkerConfiguration configuration,
            ModelConfig model,
            ModelPart part,
            String engine,
            long available,
            long now) {
        long kv = KvSizing.bytes(
                configuration.kvTokens(), model.decoder(), configuration.kv().dtype(), available);
        String who = "the " + part.name().toLowerCase(Locale.ROOT) + " needs";
        MemoryDemand demand = MemoryDemand.of(new MemoryNeed(model), Map.of(part, 1), kv);
        demand.refusal(who, configuration.weights(), available, format -> choice(engine, format))
                .ifPresent(reason -> {
                    throw new PropertyException("llava.weights does not fit: " + reason);
                });
        demand.warning(who, configuration.weights(), now).ifPresent(LOG::warn);
    }

    private static String choice(String engine, WeightsFormat format) {
        String weights = "llava.weights=" + format.written();
        return engine.equals("tensorflow") ? "llava.engine=simd and " + weights : weights;
    }
}
