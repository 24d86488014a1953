/** Why requests fail, and how failures travel over gRPC. Start at {@code Failure}. */
package org.llavacluster.node.failure;
