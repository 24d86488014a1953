/** The projector node and its answers to pulls. Start at {@code ProjectorApplication}. */
package org.llavacluster.projector.service;
