/** How much memory a model takes and a machine has. Start at {@code MemoryDemand}. */
package org.llavacluster.model.memory;
