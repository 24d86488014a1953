/** What this machine can do at most, and what fraction of it the engine reaches. */
package org.llavacluster.engine.bench;
