/** The inner loops. */
package org.llavacluster.engine.simd.kernel;
