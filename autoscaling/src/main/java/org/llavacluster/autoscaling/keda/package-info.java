/** KEDA's external scaler. Start at {@link org.llavacluster.autoscaling.keda.KedaScaler}. */
package org.llavacluster.autoscaling.keda;
