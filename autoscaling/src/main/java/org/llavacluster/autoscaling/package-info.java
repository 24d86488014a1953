/**
 * How many workers a role needs. Start at {@link org.llavacluster.autoscaling.DemandMeter}, which decides without a
 * clock or a thread; {@link org.llavacluster.autoscaling.KedaScaler} answers KEDA.
 */
package org.llavacluster.autoscaling;
