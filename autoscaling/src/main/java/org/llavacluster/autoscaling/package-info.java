/**
 * How many workers a role needs. Start at {@link org.llavacluster.autoscaling.DemandMeter}, which decides without a clock
 * or a thread.
 */
package org.llavacluster.autoscaling;
