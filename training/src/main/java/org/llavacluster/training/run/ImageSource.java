package org.llavacluster.training.run;

import java.nio.file.Path;
import org.llavacluster.training.run.LearningSample.ImageFeatures;

/** Where samples get their images from, in the form in which they enter a program. */
interface ImageSource extends AutoCloseable {

    /**
     * Makes sure that an image can be read.
     *
     * @return the name to {@link #read} it by
     * @throws org.llavacluster.training.data.UnusableRecordException if it cannot be decoded
     */
    String prepare(Path image);

    /** How many rows of a prepared image enter the decoder. */
    int rows(String name);

    /** An image that was prepared. */
    ImageFeatures read(String name);

    /** How many images the vision tower has encoded. */
    long computed();

    @Override
    void close();
}
