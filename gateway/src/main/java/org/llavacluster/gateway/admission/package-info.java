/**
 * Bounds on bodies being received and their memory, and on the pixels of one peer. Start at {@code Arrivals}.
 */
package org.llavacluster.gateway.admission;
