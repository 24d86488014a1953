/**
 * The shell of the scheduler: brings it what happens at workers and clients, and does what it decides. Start at {@code
 * Dispatcher}.
 */
package org.llavacluster.gateway.dispatch;
