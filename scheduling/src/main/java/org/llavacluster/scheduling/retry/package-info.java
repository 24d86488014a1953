/**
 * What bounds the second attempts: a share of the first ones, and no third worker for a request that killed two. Start
 * at {@link RetryBudget}.
 */
package org.llavacluster.scheduling.retry;
