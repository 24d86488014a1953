package org.llavacluster.training.scenes;

import java.util.Objects;
import java.util.Optional;

/**
 * A kind of thing that scenes show.
 *
 * @param id COCO's category id, from 1
 * @param singular its name
 * @param plural the name of several
 * @param artwork the file of its artwork; absent for what is drawn
 */
public record ThingKind(int id, String singular, String plural, ThingCategory category, Optional<String> artwork) {

    public ThingKind {
        Objects.requireNonNull(category, "category");
        Objects.requireNonNull(artwork, "artwork");
        if (id < 1 || singular.isBlank() || plural.isBlank()) {
            throw new IllegalArgumentException("kind " + id + ": \"" + singular + "\", \"" + plural + "\"");
        }
    }

    /** Whether it is drawn in one of the {@link SceneColour}s. */
    public boolean isColoured() {
        return artwork.isEmpty() && (category == ThingCategory.SHAPE || singular.equals("house"));
    }
}
