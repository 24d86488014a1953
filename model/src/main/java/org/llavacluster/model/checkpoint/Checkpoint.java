package org.llavacluster.model.checkpoint;

import java.util.List;
import org.llavacluster.engine.Weights;
import org.llavacluster.engine.program.Program;
import org.llavacluster.model.ModelPart;
import org.llavacluster.text.config.ModelFormatException;

/** The weights of a model folder, mapped, under the names that the programs use. */
public final class Checkpoint implements AutoCloseable {

    private Checkpoint() {}

    /** The weights by the programs' names; valid until this is closed. */
    public Weights weights() {
        throw new UnsupportedOperationException();
    }

    /**
     * Checks that the folder holds the programs' weights in their shapes, and nothing else in those parts.
     *
     * @throws ModelFormatException listing all that is missing, unexpected or misshaped
     */
    public void require(List<Program> programs) {
        throw new UnsupportedOperationException();
    }

    /** A hex fingerprint of that part's weights. */
    public String revision(ModelPart part) {
        throw new UnsupportedOperationException(part.name());
    }

    @Override
    public void close() {}
}
