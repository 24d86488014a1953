/** From an encoded picture to the pixel values of its tiles. */
package org.llavacluster.model.image;
