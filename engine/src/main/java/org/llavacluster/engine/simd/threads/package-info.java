/** The threads that compute. */
package org.llavacluster.engine.simd.threads;
