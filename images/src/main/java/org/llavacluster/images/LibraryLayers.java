package org.llavacluster.images;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Which layer of the images holds which library. A library that several images have is in a layer that they share, so a
 * node stores it once; what changes with the project's code is in a small layer of its own.
 */
final class LibraryLayers {

    /** Layers from the lowest, which changes most seldom. */
    enum Kind {
        NATIVES,
        /** Libraries of all images. */
        COMMON,
        /** Libraries of several images, not of all. */
        SHARED,
        /** Libraries of one image. */
        OWN,
        PROJECT
    }

    private final Map<String, Integer> users = new TreeMap<>();
    private final int images;

    /** @param libraries the libraries of each image */
    LibraryLayers(Collection<List<ImageLibrary>> libraries) {
        this.images = libraries.size();
        libraries.forEach(of -> of.forEach(library -> users.merge(library.name(), 1, Integer::sum)));
    }

    /** The layers of the image with these libraries, from the lowest. Layers without a library are left out. */
    SortedMap<Kind, List<ImageLibrary>> of(List<ImageLibrary> libraries) {
        SortedMap<Kind, List<ImageLibrary>> layers = new TreeMap<>();
        libraries.forEach(library ->
                layers.computeIfAbsent(kind(library), kind -> new ArrayList<>()).add(library));
        return layers;
    }

    private Kind kind(ImageLibrary library) {
        if (library.isProject()) {
            return Kind.PROJECT;
        }
        if (library.isNative()) {
            return Kind.NATIVES;
        }
        int of = users.get(library.name());
        return of == images ? Kind.COMMON : of > 1 ? Kind.SHARED : Kind.OWN;
    }
}
