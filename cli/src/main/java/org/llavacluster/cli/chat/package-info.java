/** The interactive chat: line editing, commands, dropped files and the conversation. Start at {@code Chat}. */
package org.llavacluster.cli.chat;
