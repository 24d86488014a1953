/** The subcommands of {@code llava}, one class each. Start at the class of the command. */
package org.llavacluster.cli.command;
