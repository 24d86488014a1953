package org.llavacluster.cli.command;

import java.util.Map;
import java.util.OptionalInt;
import org.llavacluster.cli.CliException;
import org.llavacluster.cli.options.ClusterOptions.ClusterSize;
import org.llavacluster.cli.options.ModelOptions;
import org.llavacluster.engine.WeightsFormat;
import org.llavacluster.model.ModelPart;
import org.llavacluster.model.memory.KvSizing;
import org.llavacluster.model.memory.MemoryDemand;
import org.llavacluster.model.memory.MemoryNeed;
import org.llavacluster.modelio.config.ModelConfig;

/** Checks that all workers of a local cluster fit the machine that they share. */
final class LocalMemory {

    private LocalMemory() {}

    /**
     * @param available bytes of the machine or container
     * @throws CliException with the sizes, and a format that would fit if there is one
     */
    static void require(ModelOptions options, ModelConfig model, ClusterSize size, long available) {
        if (options.mayUseGpu()) {
            // Weights may then be in the GPU's memory, which only the workers see; each checks for itself.
            return;
        }
        long kv = KvSizing.bytes(OptionalInt.empty(), model.decoder(), options.kv(), available);
        Map<ModelPart, Integer> workers = Map.of(
                ModelPart.VISION, size.visions(),
                ModelPart.PROJECTOR, size.projectors(),
                ModelPart.DECODER, size.decoders());
        MemoryDemand.of(new MemoryNeed(model), workers, kv)
                .refusal("the workers need", options.weights(), available, format -> choice(options, format))
                .ifPresent(reason -> {
                    throw new CliException(reason);
                });
    }

    private static String choice(ModelOptions options, WeightsFormat format) {
        String weights = "--weights " + format.written();
        return options.engine() == ModelOptions.Engine.TENSORFLOW ? "--engine simd " + weights : weights;
    }
}
