/** Options that several commands share. Start at {@code ModelOptions}. */
package org.llavacluster.cli.options;
