/**
 * The order of requests: bounded queues in which tenants have equal shares by cost, and admission against the
 * deadline. Start at {@link TenantQueue}.
 */
package org.llavacluster.scheduling.queue;
