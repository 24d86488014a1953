/** OpenAI's API over HTTP: bodies, their fields, answers and errors. Start at {@code OpenAiRoutes}. */
package org.llavacluster.gateway.openai;
