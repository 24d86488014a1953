/**
 * What a worker serves: its configuration, the backend, the loaded part of the model, and the id of its numerics. Start
 * at {@code WorkerModel}.
 */
package org.llavacluster.worker.model;
