/**
 * The configuration of a model folder, read from the files of Hugging Face's and of the original layout, with defaults
 * and checks. Start at {@code ModelFolder}.
 */
package org.llavacluster.modelio.config;
