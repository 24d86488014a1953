/**
 * Bounds on running and waiting requests, and on bodies being received and their memory. Start at {@code Admission}.
 */
package org.llavacluster.gateway.admission;
