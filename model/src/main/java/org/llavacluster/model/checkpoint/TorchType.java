package org.llavacluster.model.checkpoint;

import org.llavacluster.engine.DType;

/** How the {@code config.json} of a Hugging Face folder names the type of its weights. */
public final class TorchType {

    private TorchType() {}

    /** The name of a float type, as {@code torch_dtype} has it. */
    public static String name(DType type) {
        return switch (type) {
            case F32 -> "float32";
            case F16 -> "float16";
            case BF16 -> "bfloat16";
            case I32 -> throw new IllegalArgumentException("weights cannot be " + type);
        };
    }
}
