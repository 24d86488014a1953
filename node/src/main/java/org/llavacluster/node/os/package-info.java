/** Limits that the operating system sets a process. */
package org.llavacluster.node.os;
