/** Language models behind OpenAI-style APIs, as judges and writers of data. Start at {@code LanguageModelEndpoint}. */
package org.llavacluster.cli.endpoint;
