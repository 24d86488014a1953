/**
 * Container images of the four services. Start at {@link org.llavacluster.images.ImageBuild}; {@link
 * org.llavacluster.images.LibraryLayers} decides which layer holds which library.
 */
package org.llavacluster.images;
