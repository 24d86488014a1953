/** LLaVA's three parts and the programs that each runs. Start at {@code ServingPrograms}. */
package org.llavacluster.model;
