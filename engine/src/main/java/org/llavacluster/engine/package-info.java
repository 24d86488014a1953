/** The contract of backends that run programs over tensors. Start at {@code Backend}. */
package org.llavacluster.engine;
