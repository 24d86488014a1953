/**
 * Images without pixels: headers, limits, and the number of decoder rows of an image. Start at {@code ImageHeader} and
 * {@code ImageLayouts}.
 */
package org.llavacluster.modelio.image;
