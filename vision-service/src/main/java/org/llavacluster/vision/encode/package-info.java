/**
 * From an image file to features: fair order among requesters, decoding to pixel values, batches of tiles, and the
 * thread that runs the engine. Start at {@code ImageEncoder}.
 */
package org.llavacluster.vision.encode;
