/** Images by URL: from which hosts they may be fetched, and how without reaching anything but those. */
package org.llavacluster.gateway.fetch;
