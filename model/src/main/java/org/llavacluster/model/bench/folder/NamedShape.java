package org.llavacluster.model.bench.folder;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.llavacluster.engine.DType;
import org.llavacluster.engine.HostTensor;
import org.llavacluster.engine.program.Program;
import org.llavacluster.model.ServingPrograms;
import org.llavacluster.model.checkpoint.TensorNaming;
import org.llavacluster.modelio.config.ModelConfig;
import org.llavacluster.modelio.config.VisionConfig;

/**
 * A tensor to be written.
 *
 * @param name name in the file
 */
record NamedShape(String name, List<Long> shape) {

    /** The element type of all written tensors. */
    static final DType DTYPE = DType.BF16;

    NamedShape {
        shape = List.copyOf(shape);
    }

    long elements() {
        return HostTensor.elements(shape.stream().mapToLong(Long::longValue).toArray());
    }

    long bytes() {
        return elements() * DTYPE.bytes();
    }

    /** All tensors in Hugging Face's folder of such a model, including those that inference does not use. */
    static List<NamedShape> of(ModelConfig config) {
        Map<String, NamedShape> tensors = new LinkedHashMap<>();
        for (Program program : ServingPrograms.of(withAllLayers(config))) {
            program.weights().forEach(weight -> add(tensors, weight.name(), weight.shape()));
        }
        List<Long> features = List.of((long) config.vision().hiddenSize());
        add(tensors, "vision.post_layernorm.weight", features);
        add(tensors, "vision.post_layernorm.bias", features);
        return new ArrayList<>(tensors.values());
    }

    private static void add(Map<String, NamedShape> tensors, String weight, List<Long> shape) {
        tensors.put(weight, new NamedShape(TensorNaming.HUB.write(weight, false), shape));
    }

    /** The folders hold CLIP's last layer, although LLaVA does not use it. */
    private static ModelConfig withAllLayers(ModelConfig config) {
        VisionConfig vision = config.vision();
        return new ModelConfig(
                config.name(),
                config.layout(),
                config.family(),
                new VisionConfig(
                        vision.hiddenSize(),
                        vision.intermediateSize(),
                        vision.layers(),
                        vision.heads(),
                        vision.channels(),
                        vision.imageSize(),
                        vision.patchSize(),
                        vision.layerNormEps(),
                        vision.activation(),
                        List.of(vision.layers()),
                        vision.keepClassRow()),
                config.projector(),
                config.decoder(),
                config.image(),
                config.imageTokenId());
    }
}
