/**
 * The order of requests: bounded queues in which tenants have equal shares by cost, and admission against the deadline.
 */
package org.llavacluster.scheduling.queue;
