/** The program of {@code helm test}. Start at {@link org.llavacluster.kubernetes.check.ReleaseCheck}. */
package org.llavacluster.kubernetes.check;
