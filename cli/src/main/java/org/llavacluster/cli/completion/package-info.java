/** Completion scripts for shells. Start at {@code CompletionCommand}. */
package org.llavacluster.cli.completion;
