/**
 * The blocks of the KV cache, their owners, and the prefix cache that finds blocks by content. Pure: no clock, no
 * threads. Start at {@code BlockPool}.
 */
package org.llavacluster.decoder.kv;
