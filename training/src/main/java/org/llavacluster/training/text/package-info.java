/** Text as the published Python scripts treat it. */
package org.llavacluster.training.text;
