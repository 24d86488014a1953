/** Weights in the layouts that the kernels read; start with {@link org.llavacluster.engine.simd.pack.PackedMatrix}. */
package org.llavacluster.engine.simd.pack;
