package org.llavacluster.model.decoder;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.llavacluster.engine.Backend;
import org.llavacluster.engine.DType;
import org.llavacluster.engine.HostTensor;
import org.llavacluster.engine.KvLayout;
import org.llavacluster.engine.KvStep;
import org.llavacluster.engine.LoadedModel;
import org.llavacluster.engine.program.Program;
import org.llavacluster.model.ModelPart;
import org.llavacluster.model.ServingPrograms;
import org.llavacluster.model.checkpoint.Checkpoint;
import org.llavacluster.modelio.config.DecoderConfig;
import org.llavacluster.modelio.config.ModelConfig;

/** A loaded decoder with its KV cache. For one step at a time. */
public final class DecoderModel implements AutoCloseable {

    private final Backend backend;
    private final DecoderConfig config;
    private final LoadedModel model;
    private final KvLayout kv;
    private final DecodeInputs decodeInputs;

    private DecoderModel(Backend backend, DecoderConfig config, LoadedModel model, KvLayout kv) {
        this.backend = backend;
        this.config = config;
        this.model = model;
        this.kv = kv;
        this.decodeInputs = new DecodeInputs(backend);
    }

    /** @param kv see {@link #kvLayout} */
    public static DecoderModel load(Backend backend, ModelConfig config, Checkpoint checkpoint, KvLayout kv) {
        List<Program> programs = ServingPrograms.of(ModelPart.DECODER, config);
        checkpoint.require(programs);
        LoadedModel model = backend.load(programs, checkpoint.weights(ModelPart.DECODER), Optional.of(kv));
        return new DecoderModel(backend, config.decoder(), model, kv);
    }

    /** The KV layout that fits the decoder. */
    public static KvLayout kvLayout(DecoderConfig config, int blocks, int blockTokens, DType dtype) {
        return new KvLayout(config.layers(), config.kvHeads(), config.headDim(), blocks, blockTokens, dtype);
    }

    public KvLayout kv() {
        return kv;
    }

    /**
     * Runs rows of several sequences through the decoder and stores their K and V in the sequences' blocks. If every
     * sequence has one id and wants logits, only ids and positions are copied in and logits copied out.
     *
     * @throws IllegalArgumentException if an id is outside the vocabulary or rows are outside the blocks; the cache is
     *     then unchanged
     */
    public StepLogits step(List<SequenceRows> sequences) {
        List<KvStep.Part> parts = new ArrayList<>(sequences.size());
        for (SequenceRows sequence : sequences) {
            parts.add(new KvStep.Part(sequence.start(), sequence.rows(), sequence.blocks()));
        }
        KvStep step = new KvStep(parts);
        if (DecodeInputs.fit(sequences)) {
            return logits(model.run(DecoderProgram.DECODE, decodeInputs.of(sequences), step));
        }
        try (StepInputs inputs = StepInputs.of(backend, config.hiddenSize(), sequences)) {
            return logits(model.run(DecoderProgram.MIXED, inputs.tensors(), step));
        }
    }

    public LoadedModel.Traffic traffic() {
        return model.traffic();
    }

    @Override
    public void close() {
        decodeInputs.close();
        model.close();
    }

    private StepLogits logits(LoadedModel.Outputs outputs) {
        return new BackendLogits(outputs, outputs.get(DecoderProgram.LOGITS), config.vocabulary());
    }

    /**
     * @param logits {@code [count, vocabulary]} F32 in the backend's memory
     */
    private record BackendLogits(LoadedModel.Outputs outputs, HostTensor logits, int vocabulary) implements StepLogits {

        @Override
        public int count() {
            return Math.toIntExact(logits.shape()[0]);
        }

        @Override
        public MemorySegment row(int i) {
            long bytes = (long) vocabulary * Float.BYTES;
            return logits.bytes().asSlice(i * bytes, bytes);
        }

        @Override
        public void close() {
            outputs.close();
        }
    }
}
