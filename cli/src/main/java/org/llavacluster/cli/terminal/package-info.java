/** Output to and input from terminals, files and pipes. Start at {@code Progress}. */
package org.llavacluster.cli.terminal;
