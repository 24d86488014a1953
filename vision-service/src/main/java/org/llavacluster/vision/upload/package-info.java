/**
 * The Encode call: receives files within budgets for bytes, memory and time. Start at {@code EncodeServerCall}.
 */
package org.llavacluster.vision.upload;
