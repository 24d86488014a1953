package org.llavacluster.decoder.service;

import org.llavacluster.decoder.loop.StepComputer;
import org.llavacluster.decoder.scheduler.SchedulerLimits;
import org.llavacluster.engine.Backend;
import org.llavacluster.model.memory.KvSizing;
import org.llavacluster.text.config.ModelConfig;

/**
 * What a decoder node is made of.
 *
 * @param revision revision of the decoder's weights
 * @param numericsId the id that must be equal for a stream to continue here
 * @param model has a KV cache of {@code kvBlocks} blocks of {@link KvSizing#BLOCK_TOKENS} positions
 */
record DecoderSetup(
        ModelConfig config,
        String revision,
        String numericsId,
        Backend backend,
        StepComputer model,
        int kvBlocks,
        SchedulerLimits limits) {}
