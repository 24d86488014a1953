/** The CPU backend, pure Java on the Vector API; start with {@link org.llavacluster.engine.simd.SimdBackend}. */
package org.llavacluster.engine.simd;
