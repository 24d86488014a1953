/** Weights as the kernels read them. */
package org.llavacluster.engine.simd.pack;
