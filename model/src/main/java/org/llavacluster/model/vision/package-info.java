/** CLIP from pixel values to features. Start at {@code VisionProgram}. */
package org.llavacluster.model.vision;
