/** AppCDS archives, from which commands and services start faster. Start at {@code ClassArchive}. */
package org.llavacluster.cli.archive;
