/** The {@code llava} command and its error lines. Start at {@code Main}. */
package org.llavacluster.cli;
