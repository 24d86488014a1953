/** The inner loops of the SIMD engine; start with {@link org.llavacluster.engine.simd.kernel.Tile}. */
package org.llavacluster.engine.simd.kernel;
