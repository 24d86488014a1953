/** Models of real sizes with random weights, timed. */
package org.llavacluster.model.bench;
