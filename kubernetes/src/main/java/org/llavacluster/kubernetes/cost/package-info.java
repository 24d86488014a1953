/**
 * Which decoder goes first when a Deployment shrinks. Start at {@link
 * org.llavacluster.kubernetes.cost.PodDeletionCosts}; {@link org.llavacluster.kubernetes.cost.DeletionCostPlan}
 * decides what is written.
 */
package org.llavacluster.kubernetes.cost;
