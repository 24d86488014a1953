/**
 * From conversations to prompts. Text of users stays text: only the template itself, or a raw prompt, can produce
 * special tokens or the place of an image. Start at {@code PromptEncoder}.
 */
package org.llavacluster.modelio.prompt;
