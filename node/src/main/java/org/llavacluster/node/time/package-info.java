/** The time as the rest of the project sees it. Start at {@code Clock}. */
package org.llavacluster.node.time;
