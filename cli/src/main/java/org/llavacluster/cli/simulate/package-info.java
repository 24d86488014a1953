/**
 * Runs of the simulator for {@code llava simulate}, and their report. Start at {@link
 * org.llavacluster.cli.simulate.SimulateCommand}.
 */
package org.llavacluster.cli.simulate;
