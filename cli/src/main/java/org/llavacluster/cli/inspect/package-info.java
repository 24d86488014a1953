/** The report of {@code llava inspect}. Start at {@code ModelReport}. */
package org.llavacluster.cli.inspect;
