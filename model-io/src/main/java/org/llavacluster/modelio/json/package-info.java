/**
 * Defensive reading of JSON files in a model folder: any content gives a value or a one-line error. Start at {@code
 * JsonFile}.
 */
package org.llavacluster.modelio.json;
