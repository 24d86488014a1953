package org.llavacluster.text.image;

/** As whom the model sees a picture. Gateway and vision node must agree: the size that they count with depends on it. */
public enum Preprocess {
    /** As a person does: turned as EXIF says, transparency over white. */
    NATURAL,
    /** As Hugging Face's image processors do: as stored, alpha dropped. */
    REFERENCE
}
