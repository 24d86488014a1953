/** Received images: their headers, token counts and temporary storage. Start at {@code ImageIntake}. */
package org.llavacluster.gateway.image;
