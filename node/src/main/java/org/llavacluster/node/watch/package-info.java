/** The state that nodes report, and how others follow it. Start at {@code NodeStateBoard} and {@code NodeWatcher}. */
package org.llavacluster.node.watch;
