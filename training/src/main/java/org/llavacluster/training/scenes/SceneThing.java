package org.llavacluster.training.scenes;

import java.util.Objects;
import java.util.Optional;

/**
 * A thing of a scene.
 *
 * @param colour of kinds that are coloured
 * @param box of its visible pixels
 * @param mirrored left and right
 */
public record SceneThing(ThingKind kind, Optional<SceneColour> colour, ThingBox box, boolean mirrored) {

    public SceneThing {
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(colour, "colour");
        Objects.requireNonNull(box, "box");
    }

    /** The kind with its colour. */
    ThingName name() {
        return new ThingName(kind.singular(), kind.plural(), kind.category().word(), colour.map(SceneColour::word));
    }
}
