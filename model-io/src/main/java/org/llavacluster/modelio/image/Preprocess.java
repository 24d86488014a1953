package org.llavacluster.modelio.image;

/**
 * How an image becomes pixels. Gateway and vision node must agree, because the size that they compute with depends on
 * it.
 */
public enum Preprocess {
    /** As a person sees it: turned as EXIF says, transparency over white. */
    NATURAL,
    /** As Hugging Face's image processors do: as stored, without alpha. */
    REFERENCE
}
