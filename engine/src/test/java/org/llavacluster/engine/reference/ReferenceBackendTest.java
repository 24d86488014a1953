package org.llavacluster.engine.reference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.llavacluster.engine.Backend;
import org.llavacluster.engine.DType;
import org.llavacluster.engine.HostTensor;
import org.llavacluster.engine.LoadedModel;
import org.llavacluster.engine.contract.BackendContract;
import org.llavacluster.engine.contract.RandomTensors;
import org.llavacluster.engine.program.Dim;
import org.llavacluster.engine.program.ProgramBuilder;

/** The contract, and values worked out by hand or with another program. */
class ReferenceBackendTest extends BackendContract {

    @Override
    protected Backend newBackend() {
        return new ReferenceBackend();
    }

    @Test
    void shouldKnowTheErrorFunction() {
        // Abramowitz and Stegun, table 7.1 and 7.3.
        assertThat(Erf.of(0.5)).isCloseTo(0.5204998778130465, within(1e-14));
        assertThat(Erf.of(-1)).isCloseTo(-0.8427007929497149, within(1e-14));
        assertThat(Erf.of(2.4)).isCloseTo(0.999311486103355, within(1e-13));
        assertThat(Erf.of(3)).isCloseTo(0.9999779095030014, within(1e-14));
    }

    @Test
    void shouldRotateHalves() {
        ProgramBuilder b = new ProgramBuilder("rope");
        b.output(
                "y",
                b.rope(
                        b.input("x", DType.F32, Dim.of(1), Dim.of(4)),
                        b.input("positions", DType.I32, Dim.of(1)),
                        1,
                        List.of((float) (Math.PI / 4), (float) (Math.PI / 6)),
                        1f));
        float[] y = run(
                b,
                Map.of(
                        "x", HostTensor.ofFloats(new float[] {1, 2, 3, 4}, 1, 4),
                        "positions", HostTensor.ofInts(new int[] {2}, 1)));
        // Pairs (1, 3) by 90 degrees and (2, 4) by 60.
        double root = Math.sqrt(3);
        assertThat(y).containsExactly(new float[] {-3, (float) (1 - 2 * root), 1, (float) (2 + root)}, within(2e-6f));
    }

    @Test
    void shouldNormalise() {
        ProgramBuilder b = new ProgramBuilder("norm");
        var x = b.input("x", DType.F32, Dim.of(1), Dim.of(2));
        var one = b.reshape(b.input("one", DType.F32, Dim.of(1), Dim.of(2)), Dim.of(2));
        b.output("y", b.concatColumns(List.of(b.layerNorm(x, one, one, 3f), b.rmsNorm(x, one, 3.5f))));
        float[] y = run(
                b,
                Map.of(
                        "x", HostTensor.ofFloats(new float[] {2, 4}, 1, 2),
                        "one", HostTensor.ofFloats(new float[] {1, 1}, 1, 2)));
        // Mean 3, biased variance 1; mean square 10, and 13.5 = 3 * 4.5.
        float root = (float) Math.sqrt(13.5);
        assertThat(y).containsExactly(new float[] {0.5f, 1.5f, 2 / root, 4 / root}, within(1e-6f));
    }

    @Test
    void shouldActivate() {
        ProgramBuilder b = new ProgramBuilder("activations");
        var x = b.input("x", DType.F32, Dim.of(1), Dim.of(1));
        b.output("y", b.concatColumns(List.of(b.gelu(x), b.quickGelu(x), b.siluGate(x, x))));
        float[] y = run(b, Map.of("x", HostTensor.ofFloats(new float[] {1}, 1, 1)));
        // Phi(1), sigmoid(1.702), sigmoid(1).
        assertThat(y).containsExactly(new float[] {0.8413447f, 0.8457957f, 0.7310586f}, within(1e-6f));
    }

    @Test
    void shouldCutPatchesChannelByChannel() {
        ProgramBuilder b = new ProgramBuilder("patches");
        b.output("y", b.patches(b.input("x", DType.F32, Dim.of(1), Dim.of(2), Dim.of(4), Dim.of(4)), 2));
        float[] pixels = new float[32];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = i;
        }
        float[] y = run(b, Map.of("x", HostTensor.ofFloats(pixels, 1, 2, 4, 4)));
        assertThat(y).startsWith(0, 1, 4, 5, 16, 17, 20, 21, 2, 3, 6, 7).endsWith(26, 27, 30, 31);
    }

    @Test
    void shouldShareKeysAmongQueryHeadsAndLookBack() {
        ProgramBuilder b = new ProgramBuilder("attention");
        Dim two = Dim.of(2);
        var q = b.input("q", DType.F32, two, two);
        var k = b.input("k", DType.F32, two, Dim.of(1));
        b.output("y", b.attention(q, k, b.input("v", DType.F32, two, Dim.of(1)), 2, 1, two, true));
        float ln3 = (float) Math.log(3);
        float[] y = run(
                b,
                Map.of(
                        "q", HostTensor.ofFloats(new float[] {5, 5, 0, ln3}, 2, 2),
                        "k", HostTensor.ofFloats(new float[] {0, 1}, 2, 1),
                        "v", HostTensor.ofFloats(new float[] {4, 8}, 2, 1)));
        // The first row sees itself; of the second, one head weighs 1:1 and one 1:3.
        assertThat(y).containsExactly(new float[] {4, 4, 6, 7}, within(1e-6f));
    }

    private float[] run(ProgramBuilder builder, Map<String, HostTensor> inputs) {
        var program = builder.build();
        try (LoadedModel model = backend()
                        .load(List.of(program), RandomTensors.weights(0, DType.F32, List.of()), Optional.empty());
                LoadedModel.Outputs outputs = model.run(program.name(), inputs)) {
            return outputs.get("y").toFloats();
        }
    }
}
