/**
 * Made-up scenes to learn from: images of known things at known places, with captions and boxes in COCO's format, and
 * the conversations about them that a grammar can write. Start at {@code SceneFolder} and {@code SceneConversations}.
 */
package org.llavacluster.training.scenes;
