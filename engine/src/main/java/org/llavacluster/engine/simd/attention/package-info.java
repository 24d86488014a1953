/** The KV cache and attention; start with {@code Attention}. */
package org.llavacluster.engine.simd.attention;
