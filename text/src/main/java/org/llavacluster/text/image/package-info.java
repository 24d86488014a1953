/** Pictures without pixels: headers, limits, and how many decoder rows a picture becomes. */
package org.llavacluster.text.image;
