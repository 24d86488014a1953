/**
 * When a request that lost its decoder goes on at another one. Everything here is pure: it takes the time as an argument and knows no
 * clock, thread or network.
 */
package org.llavacluster.gateway.resume;
