/**
 * LLaVA's conversations as published: read from JSON, checked, and turned into token ids and labels. Start at {@code
 * ConversationFile} and {@code SampleEncoder}.
 */
package org.llavacluster.training.data;
