package org.llavacluster.decoder.service;

import org.llavacluster.decoder.loop.StepComputer;
import org.llavacluster.decoder.scheduler.Limits;
import org.llavacluster.engine.Backend;
import org.llavacluster.model.memory.KvSizing;
import org.llavacluster.text.config.ModelConfig;

/**
 * What a decoder node is made of.
 *
 * @param revision of the decoder's weights
 * @param numericsId what must be equal for a stream to go on here
 * @param firstRuns of the model, while requests wait already
 * @param model with a KV cache of {@code kvBlocks} blocks of {@link KvSizing#BLOCK_TOKENS} positions
 */
record DecoderSetup(
        ModelConfig config,
        String revision,
        String numericsId,
        Backend backend,
        StepComputer model,
        Runnable firstRuns,
        int kvBlocks,
        Limits limits) {}
