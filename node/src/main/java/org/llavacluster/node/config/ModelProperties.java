package org.llavacluster.node.config;

import java.nio.file.Path;

/** Properties of the served model. The gateway and all workers must have the same values. */
public final class ModelProperties {

    static final PropertyGroup GROUP = new PropertyGroup("The model: the gateway and every worker");

    public static final Property<Path> MODEL = GROUP.path("llava.model", "the folder of a model")
            .required()
            .meaning("Folder of the checkpoint. The gateway reads everything in it but the weights.");

    public static final Property<Path> VISION_TOWER = GROUP.path("llava.vision-tower", "the folder of a CLIP model")
            .meaning("Folder of a separate CLIP checkpoint, for models without their own vision tower. By default "
                    + "the one named by `config.json`, if it is in the model's folder or beside it; OpenAI's CLIP "
                    + "models are also known by name, without their weights.");

    public static final Property<String> PREPROCESS = GROUP.choice("llava.preprocess", "natural", "reference")
            .otherwise("natural")
            .meaning("How the model sees an image: `natural` turns it as EXIF says and puts transparency over white; "
                    + "`reference` does as Hugging Face's image processors do.");

    private ModelProperties() {}
}
