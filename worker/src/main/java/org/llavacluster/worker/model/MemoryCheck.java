package org.llavacluster.worker.model;

import java.util.Locale;
import java.util.Map;
import org.jboss.logging.Logger;
import org.llavacluster.engine.WeightsFormat;
import org.llavacluster.model.ModelPart;
import org.llavacluster.model.memory.KvSizing;
import org.llavacluster.model.memory.MemoryDemand;
import org.llavacluster.model.memory.MemoryNeed;
import org.llavacluster.modelio.config.ModelConfig;
import org.llavacluster.node.config.PropertyException;

/**
 * Checks before loading that a worker's part of a model fits the machine; otherwise the kernel would kill the process.
 */
public final class MemoryCheck {

    private static final Logger LOG = Logger.getLogger(MemoryCheck.class);

    private MemoryCheck() {}

    /**
     * Refuses a part that does not fit the machine. If it would fit without other processes, this only logs a warning,
     * because those may end or free memory.
     *
     * @param engine name of the backend
     * @param available bytes of the machine or container
     * @param now bytes of these that are available at present
     * @throws PropertyException with the sizes, and with a format that would fit if there is one
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
