/**
 * Conversations to prompts. What a person typed stays text: only what the template itself, or a raw prompt, spells out becomes a
 * special token or the place of a picture.
 */
package org.llavacluster.text.prompt;
