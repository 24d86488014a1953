/** Tests of the chart. Start at {@link org.llavacluster.helm.ChartRenderingTest}. */
package org.llavacluster.helm;
