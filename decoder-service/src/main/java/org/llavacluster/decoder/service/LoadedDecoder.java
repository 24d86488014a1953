package org.llavacluster.decoder.service;

import org.jboss.logging.Logger;
import org.llavacluster.engine.Backend;
import org.llavacluster.engine.KvLayout;
import org.llavacluster.model.checkpoint.Checkpoint;
import org.llavacluster.model.decoder.DecoderModel;
import org.llavacluster.model.memory.KvSizing;
import org.llavacluster.model.memory.MachineMemory;
import org.llavacluster.text.config.DecoderConfig;
import org.llavacluster.text.config.ModelConfig;
import org.llavacluster.worker.model.WorkerConfiguration;

/** The decoder model with its KV cache. */
record LoadedDecoder(DecoderModel model, int kvBlocks) {

    private static final Logger LOG = Logger.getLogger(LoadedDecoder.class);
    private static final long MIB = 1L << 20;

    static LoadedDecoder load(
            WorkerConfiguration configuration, Backend backend, ModelConfig config, Checkpoint checkpoint) {
        DecoderConfig decoder = config.decoder();
        int blocks = KvSizing.blocks(
                configuration.kvTokens(), decoder, configuration.kv().dtype(), MachineMemory.bytes());
        KvLayout layout = DecoderModel.kvLayout(
                decoder, blocks, KvSizing.BLOCK_TOKENS, configuration.kv().dtype());
        LOG.infof(
                "KV cache: %d tokens in %d blocks, %d MiB (llava.kv-tokens); the model's context is %d tokens",
                blocks * KvSizing.BLOCK_TOKENS,
                blocks,
                Math.ceilDiv(blocks * layout.blockBytes(), MIB),
                decoder.contextTokens());
        decoder.window()
                .ifPresent(window -> LOG.warnf(
                        "The model is served up to %d tokens, its attention window (sliding_window), of its %d"
                                + " positions"
                                + " (max_position_embeddings)",
                        window, decoder.positions()));
        return new LoadedDecoder(DecoderModel.load(backend, config, checkpoint, layout), blocks);
    }
}
