package org.llavacluster.model.decoder;

import java.util.List;
import java.util.Optional;
import org.llavacluster.engine.Backend;
import org.llavacluster.engine.DType;
import org.llavacluster.engine.KvLayout;
import org.llavacluster.engine.LoadedModel;
import org.llavacluster.engine.program.Program;
import org.llavacluster.model.checkpoint.Checkpoint;
import org.llavacluster.text.config.DecoderConfig;
import org.llavacluster.text.config.ModelConfig;

/** A loaded decoder with its KV cache. Steps must come one after the other. */
public final class DecoderModel implements AutoCloseable {

    private final LoadedModel model;

    private DecoderModel(LoadedModel model) {
        this.model = model;
    }

    /** @param kv see {@link #kvLayout} */
    public static DecoderModel load(Backend backend, ModelConfig config, Checkpoint checkpoint, KvLayout kv) {
        List<Program> programs =
                List.of(DecoderProgram.decode(config.decoder()), DecoderProgram.mixed(config.decoder()));
        checkpoint.require(programs);
        return new DecoderModel(backend.load(programs, checkpoint.weights(), Optional.of(kv)));
    }

    /** The KV layout that fits the decoder. */
    public static KvLayout kvLayout(DecoderConfig config, int blocks, int blockTokens, DType dtype) {
        return new KvLayout(config.layers(), config.kvHeads(), config.headDim(), blocks, blockTokens, dtype);
    }

    /**
     * Runs rows of some sequences through the decoder and stores their K and V in the sequences' blocks.
     *
     * @throws IllegalArgumentException if an id is outside the vocabulary or rows are outside the blocks; the cache is then as it
     *     was
     */
    public StepLogits step(List<SequenceRows> sequences) {
        throw new UnsupportedOperationException(sequences.size() + " sequences");
    }

    public LoadedModel.Traffic traffic() {
        return model.traffic();
    }

    @Override
    public void close() {
        model.close();
    }
}
