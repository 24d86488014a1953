/** From an encoded image to the pixel values of its tiles. Start at {@code ImagePreprocessor}. */
package org.llavacluster.model.image;
