/** The backend for CPUs: {@link org.llavacluster.engine.simd.SimdBackend}, pure Java on the Vector API. */
package org.llavacluster.engine.simd;
