/** Programs made into steps over buffers. */
package org.llavacluster.engine.simd.plan;
