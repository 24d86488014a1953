/**
 * The place of the SIMD backend: {@code SimdBackend implements Backend} in pure Java on the Vector API, held to
 * {@code BackendContract} of this module's tests.
 */
package org.llavacluster.engine.simd;
