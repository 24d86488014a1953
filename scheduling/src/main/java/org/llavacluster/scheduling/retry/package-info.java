/** What bounds the second attempts: a share of the first ones, and no third worker for a request that killed two. */
package org.llavacluster.scheduling.retry;
