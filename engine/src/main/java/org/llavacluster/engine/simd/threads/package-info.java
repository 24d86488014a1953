/** The threads that compute; start with {@link org.llavacluster.engine.simd.threads.WorkerPool}. */
package org.llavacluster.engine.simd.threads;
