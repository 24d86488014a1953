package org.llavacluster.model.projector;

import org.llavacluster.engine.DType;
import org.llavacluster.engine.program.Dim;
import org.llavacluster.engine.program.Program;
import org.llavacluster.engine.program.ProgramBuilder;
import org.llavacluster.engine.program.Value;
import org.llavacluster.modelio.config.ImageConfig.Merge;
import org.llavacluster.modelio.config.ProjectorConfig;

/**
 * LLaVA's projection of vision features to the decoder's embeddings: one linear layer (arXiv 2304.08485) or two with a
 * GELU between them (arXiv 2310.03744), then the rows in the order in which they enter the decoder.
 */
public final class ProjectorProgram {

    /** Name of the program. */
    public static final String NAME = "projector";

    /** {@code [rows, inputSize]} F32. */
    public static final String FEATURES = "features";

    /**
     * {@code [decoderRows]} I32: for each row of the result the row of the features; the number of feature rows is the
     * newline row.
     */
    public static final String ROW_ORDER = "rowOrder";

    /** {@code [decoderRows, hidden]} F32. */
    public static final String EMBEDDINGS = "embeddings";

    private final ProjectorConfig config;
    private final ProgramBuilder p;

    private ProjectorProgram(ProgramBuilder p, ProjectorConfig config) {
        this.p = p;
        this.config = config;
    }

    /**
     * @param merge decides whether there is a newline row after each row of patches, as in LLaVA 1.6
     */
    public static Program trace(ProjectorConfig config, Merge merge) {
        ProgramBuilder p = new ProgramBuilder(NAME);
        p.output(EMBEDDINGS, define(p, config, merge));
        return p.build();
    }

    /**
     * Writes the projector into a program, with the inputs {@link #FEATURES} and {@link #ROW_ORDER}: what serving and
     * training share.
     *
     * @return {@code [decoderRows, hidden]}
     */
    public static Value define(ProgramBuilder p, ProjectorConfig config, Merge merge) {
        return define(
                p, config, merge, p.input(FEATURES, DType.F32, Dim.of("featureRows"), Dim.of(config.inputSize())));
    }

    /**
     * Writes the projector into a program that has the features, with the input {@link #ROW_ORDER}.
     *
     * @param features {@code [rows, inputSize]}
     * @return {@code [decoderRows, hidden]}
     */
    public static Value define(ProgramBuilder p, ProjectorConfig config, Merge merge, Value features) {
        return new ProjectorProgram(p, config).rows(merge, features);
    }

    private Value rows(Merge merge, Value features) {
        Value rowOrder = p.input(ROW_ORDER, DType.I32, Dim.of("decoderRows"));
        Value projected = project(features);
        Value rows =
                switch (merge) {
                    case FLAT, SPATIAL -> projected;
                    case SPATIAL_UNPAD -> p.concatRows(projected, newline());
                };
        return p.gatherRows(rows, rowOrder);
    }

    /** {@code [rows, inputSize]} to {@code [rows, hidden]}. */
    private Value project(Value features) {
        Value first = linear(features, "linear_1");
        return switch (config.kind()) {
            case LINEAR -> first;
            case MLP2X_GELU -> linear(p.gelu(first), "linear_2");
        };
    }

    /** The newline row, {@code [1, hidden]}. */
    private Value newline() {
        Value vector = p.weight("projector.image_newline", config.hiddenSize());
        return p.reshape(vector, Dim.of(1), Dim.of(config.hiddenSize()));
    }

    private Value linear(Value x, String name) {
        long out = config.hiddenSize();
        Value weight = p.weight("projector." + name + ".weight", out, x.columns());
        Value bias = config.bias() ? p.weight("projector." + name + ".bias", out) : null;
        return p.linear(x, weight, bias);
    }
}
