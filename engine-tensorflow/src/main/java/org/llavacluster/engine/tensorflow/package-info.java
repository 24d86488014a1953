/**
 * TensorFlow Java as a backend: {@link org.llavacluster.engine.tensorflow.TensorFlowBackend}. All programs of a load
 * become one graph ({@link org.llavacluster.engine.tensorflow.ProgramGraph}) with one session; weights and KV cache are
 * variables in it.
 *
 * <p>Natives: by default those for the CPU; the Maven profile {@code gpu} takes those with CUDA code. JavaCPP unpacks
 * them, about 0.7 GB (GPU: 1.3 GB), into {@code ~/.javacpp/cache} on first use; {@code
 * -Dorg.bytedeco.javacpp.cachedir=DIR} names another folder.
 *
 * <p>Known traps of TensorFlow that shape this code, each measured: {@code ReadVariableOp} copies a variable that was
 * ever scattered into or gathered from; {@code x * W^T} is 10 to 20 times slower than {@code (W * x^T)^T} with its own
 * CPU kernels; results that are not closed leak native memory; the first session of a process decides the number of
 * threads for all.
 */
package org.llavacluster.engine.tensorflow;
