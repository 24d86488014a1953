/** Limits that the operating system imposes on a process. Start at {@code FileDescriptors}. */
package org.llavacluster.node.os;
