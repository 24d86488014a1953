/**
 * The workers as the scheduler sees them: what they report, what this gateway gave them, and whether they get new
 * work. Start at {@link WorkerTable}.
 */
package org.llavacluster.scheduling.worker;
