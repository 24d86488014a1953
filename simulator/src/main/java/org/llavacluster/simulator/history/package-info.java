/** What happened in a run, as clients and workers saw it: what the promises are checked against. */
package org.llavacluster.simulator.history;
