/**
 * What the three worker services share while they run: their load and rate, wire tensors, failures of the engine and
 * resources to close. Start at {@code WorkerLoad}.
 */
package org.llavacluster.worker.serve;
