/** Keys and values, and attention over them. */
package org.llavacluster.engine.simd.attention;
