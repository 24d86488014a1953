/**
 * What happened in a run, as clients and workers saw it: what the promises are checked against. Start at {@link
 * History}.
 */
package org.llavacluster.simulator.history;
