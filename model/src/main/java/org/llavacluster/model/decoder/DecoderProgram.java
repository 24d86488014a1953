package org.llavacluster.model.decoder;

import java.util.function.Function;
import org.llavacluster.engine.DType;
import org.llavacluster.engine.program.Dim;
import org.llavacluster.engine.program.Program;
import org.llavacluster.engine.program.ProgramBuilder;
import org.llavacluster.engine.program.Value;
import org.llavacluster.modelio.config.DecoderConfig;

/** The programs traced from the decoder's definition. */
public final class DecoderProgram {

    /** One id and one row of logits per sequence, as in most steps. */
    public static final String DECODE = "decode";

    /** Rows of ids and of embeddings in any order, and logits of some: steps with prefill. */
    public static final String MIXED = "mixed";

    /** One whole sequence without a cache, with logits of all rows: training and parity tests. */
    public static final String SEQUENCE = "sequence";

    /** Whole sequences of equally many rows without a cache, with logits of some rows: training. */
    public static final String LEARNING = "learning";

    /** {@code [rows of a sequence]} I32: its size says how many rows each sequence has; its content is not read. */
    public static final String SEQUENCE_ROWS = "sequenceRows";

    /** {@code [ids]} I32. */
    public static final String IDS = "ids";

    /** {@code [embeddings, hidden]} F32. */
    public static final String EMBEDDINGS = "embeddings";

    /** {@code [rows]} I32: for each row its index among the rows of the ids followed by those of the embeddings. */
    public static final String ORDER = "order";

    /** {@code [rows]} I32: the position of each row in its sequence. */
    public static final String POSITIONS = "positions";

    /** {@code [wanted]} I32: rows that logits are computed for. */
    public static final String WANTED = "wanted";

    /** {@code [wanted or rows, vocabulary]} F32. */
    public static final String LOGITS = "logits";

    private DecoderProgram() {}

    public static Program decode(DecoderConfig config) {
        ProgramBuilder p = new ProgramBuilder(DECODE);
        Value ids = p.input(IDS, DType.I32, Dim.of("rows"));
        Value positions = p.input(POSITIONS, DType.I32, Dim.of("rows"));
        DecoderDefinition decoder = new DecoderDefinition(p, config, positions, LayerAttention.cached(p, config));
        p.output(LOGITS, decoder.logits(decoder.layers(decoder.embed(ids))));
        return p.build();
    }

    public static Program mixed(DecoderConfig config) {
        ProgramBuilder p = new ProgramBuilder(MIXED);
        Value positions = p.input(POSITIONS, DType.I32, Dim.of("rows"));
        DecoderDefinition decoder = new DecoderDefinition(p, config, positions, LayerAttention.cached(p, config));
        Value rows = decoder.layers(mixedRows(p, config, decoder));
        Value wanted = p.input(WANTED, DType.I32, Dim.of("wanted"));
        p.output(LOGITS, decoder.logits(p.gatherRows(rows, wanted)));
        return p.build();
    }

    public static Program sequence(DecoderConfig config) {
        ProgramBuilder p = new ProgramBuilder(SEQUENCE);
        Value positions = p.input(POSITIONS, DType.I32, Dim.of("rows"));
        DecoderDefinition decoder =
                new DecoderDefinition(p, config, positions, LayerAttention.whole(p, config, Dim.of("rows")));
        p.output(LOGITS, decoder.logits(decoder.layers(mixedRows(p, config, decoder))));
        return p.build();
    }

    /**
     * A program to learn with. Rows after the end of a shorter sequence may hold anything, because no row before them
     * sees them.
     *
     * @param embeddings writes what makes the images' embeddings {@code [n, hidden]} into the program
     */
    public static Program learning(DecoderConfig config, Function<ProgramBuilder, Value> embeddings) {
        ProgramBuilder p = new ProgramBuilder(LEARNING);
        Value positions = p.input(POSITIONS, DType.I32, Dim.of("rows"));
        p.input(SEQUENCE_ROWS, DType.I32, Dim.of("sequenceRows"));
        DecoderDefinition decoder =
                new DecoderDefinition(p, config, positions, LayerAttention.whole(p, config, Dim.of("sequenceRows")));
        Value rows = decoder.layers(mixedRows(p, decoder, embeddings.apply(p)));
        Value wanted = p.input(WANTED, DType.I32, Dim.of("wanted"));
        p.output(LOGITS, decoder.logits(p.gatherRows(rows, wanted)));
        return p.build();
    }

    /** {@code [rows, hidden]}: embedded ids and embeddings that are fed, in the order of the sequences. */
    private static Value mixedRows(ProgramBuilder p, DecoderConfig config, DecoderDefinition decoder) {
        return mixedRows(p, decoder, p.input(EMBEDDINGS, DType.F32, Dim.of("embeddings"), Dim.of(config.hiddenSize())));
    }

    private static Value mixedRows(ProgramBuilder p, DecoderDefinition decoder, Value embeddings) {
        Value ids = p.input(IDS, DType.I32, Dim.of("ids"));
        Value order = p.input(ORDER, DType.I32, Dim.of("rows"));
        return p.gatherRows(p.concatRows(decoder.embed(ids), embeddings), order);
    }
}
