/** The order in which the images of several requesters get their turns. Pure: no clock, no threads. */
package org.llavacluster.vision.fair;
