/** Turns programs into steps over buffers; start with {@code Planner}. */
package org.llavacluster.engine.simd.plan;
