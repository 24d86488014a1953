/**
 * Whether a request that lost its decoder continues at another one. Pure: the time is an argument, and there is no
 * clock, thread or network. Start at {@code ResumePolicy}.
 */
package org.llavacluster.gateway.resume;
