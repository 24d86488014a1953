package org.llavacluster.training.scenes;

import java.util.Objects;

/** A thing as annotations have it. */
record DescribedThing(ThingName name, ThingBox box) {

    DescribedThing {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(box, "box");
    }
}
