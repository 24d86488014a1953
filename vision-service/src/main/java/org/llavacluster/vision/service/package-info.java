/** Assembles a vision node and answers pulls of features. Start at {@code VisionApplication}. */
package org.llavacluster.vision.service;
