/** Images by URL: the allowed hosts, and a fetch that can reach only those. Start at {@code ImageFetcher}. */
package org.llavacluster.gateway.fetch;
