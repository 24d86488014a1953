/**
 * Names of content: equal content of one tenant has equal names, and a name gives nothing of its content away. Start
 * at {@link ContentDigest}.
 */
package org.llavacluster.scheduling.name;
