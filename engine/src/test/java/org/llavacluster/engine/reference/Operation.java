package org.llavacluster.engine.reference;

import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;
import org.llavacluster.engine.HostTensor;
import org.llavacluster.engine.program.Op;
import org.llavacluster.engine.program.Signature;
import org.llavacluster.engine.program.Value;

/**
 * One operation of a run.
 *
 * @param results of the operations before it, by id
 * @param shape of this one's result
 */
record Operation(HostTensor[] results, long[] shape, Signature.Sizes sizes) {

    /** The result of an operation that needs no cache. */
    HostTensor apply(Op op) {
        return switch (op) {
            case Op.Linear o -> linear(o);
            case Op.LayerNorm o -> layerNorm(o);
            case Op.RmsNorm o -> rmsNorm(o);
            case Op.QuickGelu o -> map(o.x(), x -> x / (1 + Math.exp(-1.702 * x)));
            case Op.Gelu o -> map(o.x(), x -> x * (1 + Erf.of(x / Math.sqrt(2))) / 2);
            case Op.SiluGate o -> siluGate(o);
            case Op.Add o -> add(o);
            case Op.Embedding o -> gather(o.table(), o.ids());
            case Op.Rope o -> rope(o);
            case Op.Attention o -> attention(o);
            case Op.Patches o -> patches(o);
            case Op.PrependRow o -> prependRow(o);
            case Op.DropFirstRow o -> dropFirstRow(o);
            case Op.ConcatColumns o -> concatColumns(o);
            case Op.ConcatRows o -> concatRows(o);
            case Op.GatherRows o -> gather(o.x(), o.index());
            case Op.PairSimilarities o -> pairSimilarities(o);
            case Op.Reshape o -> result(floats(o.x()));
            case Op.Input o -> throw new IllegalArgumentException(o.name());
            case Op.Weight o -> throw new IllegalArgumentException(o.name());
            case Op.KvAttention o -> throw new IllegalArgumentException("layer " + o.layer());
        };
    }

    private HostTensor linear(Op.Linear op) {
        float[] x = floats(op.x());
        float[] weight = floats(op.weight());
        int in = columns(op.x());
        int out = (int) shape[1];
        float[] y = new float[size()];
        for (int i = 0; i < y.length; i++) {
            double sum = op.bias() == null ? 0 : floats(op.bias())[i % out];
            for (int k = 0; k < in; k++) {
                sum += (double) x[i / out * in + k] * weight[i % out * in + k];
            }
            y[i] = (float) sum;
        }
        return result(y);
    }

    private HostTensor pairSimilarities(Op.PairSimilarities op) {
        float[] a = floats(op.a());
        float[] b = floats(op.b());
        double scale = Math.exp(floats(op.logScale())[0]);
        int columns = columns(op.a());
        int rows = a.length / columns;
        float[] y = new float[size()];
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < rows; j++) {
                double product = 0;
                double lengthOfA = 0;
                double lengthOfB = 0;
                for (int c = 0; c < columns; c++) {
                    product += (double) a[i * columns + c] * b[j * columns + c];
                    lengthOfA += Math.pow(a[i * columns + c], 2);
                    lengthOfB += Math.pow(b[j * columns + c], 2);
                }
                y[i * rows + j] = (float) (scale * product / Math.sqrt(lengthOfA) / Math.sqrt(lengthOfB));
                y[(rows + j) * rows + i] = y[i * rows + j];
            }
        }
        return result(y);
    }

    private HostTensor layerNorm(Op.LayerNorm op) {
        float[] x = floats(op.x());
        float[] scale = floats(op.scale());
        float[] shift = floats(op.shift());
        int columns = columns(op.x());
        for (int start = 0; start < x.length; start += columns) {
            double mean = 0;
            for (int c = 0; c < columns; c++) {
                mean += x[start + c];
            }
            mean /= columns;
            double variance = 0;
            for (int c = 0; c < columns; c++) {
                variance += (x[start + c] - mean) * (x[start + c] - mean);
            }
            double deviation = Math.sqrt(variance / columns + op.eps());
            for (int c = 0; c < columns; c++) {
                x[start + c] = (float) ((x[start + c] - mean) / deviation * scale[c] + shift[c]);
            }
        }
        return result(x);
    }

    private HostTensor rmsNorm(Op.RmsNorm op) {
        float[] x = floats(op.x());
        float[] scale = floats(op.scale());
        int columns = columns(op.x());
        for (int start = 0; start < x.length; start += columns) {
            double squares = 0;
            for (int c = 0; c < columns; c++) {
                squares += (double) x[start + c] * x[start + c];
            }
            double root = Math.sqrt(squares / columns + op.eps());
            for (int c = 0; c < columns; c++) {
                x[start + c] = (float) (x[start + c] / root * scale[c]);
            }
        }
        return result(x);
    }

    private HostTensor siluGate(Op.SiluGate op) {
        float[] gate = floats(op.gate());
        float[] up = floats(op.up());
        for (int i = 0; i < gate.length; i++) {
            gate[i] = (float) (gate[i] / (1 + Math.exp(-gate[i])) * up[i]);
        }
        return result(gate);
    }

    private HostTensor add(Op.Add op) {
        float[] a = floats(op.a());
        float[] b = floats(op.b());
        for (int i = 0; i < a.length; i++) {
            a[i] += b[i % b.length];
        }
        return result(a);
    }

    private HostTensor gather(Value table, Value indices) {
        float[] from = floats(table);
        int columns = columns(table);
        HostTensor index = results[indices.id()];
        float[] y = new float[size()];
        for (int row = 0; row < index.size(); row++) {
            System.arraycopy(from, index.bytes().getAtIndex(HostTensor.INT, row) * columns, y, row * columns, columns);
        }
        return result(y);
    }

    private HostTensor rope(Op.Rope op) {
        float[] x = floats(op.x());
        int half = op.frequencies().size();
        HostTensor positions = results[op.positions().id()];
        for (int pair = 0; pair < x.length / 2; pair++) {
            int head = pair / half;
            int i = pair % half;
            // The product is rounded to float32, as the models that the checkpoints were trained with do.
            float angle = positions.bytes().getAtIndex(HostTensor.INT, head / op.heads())
                    * op.frequencies().get(i);
            double cos = Math.cos(angle) * op.scale();
            double sin = Math.sin(angle) * op.scale();
            int first = head * 2 * half + i;
            double a = x[first];
            double b = x[first + half];
            x[first] = (float) (a * cos - b * sin);
            x[first + half] = (float) (b * cos + a * sin);
        }
        return result(x);
    }

    private HostTensor attention(Op.Attention op) {
        Heads heads = new Heads(op.heads(), op.kvHeads(), columns(op.q()) / op.heads());
        float[] q = floats(op.q());
        float[] k = floats(op.k());
        float[] v = floats(op.v());
        float[] y = new float[size()];
        int group = (int) sizes.of(op.groupRows());
        for (int row = 0; row < shape[0]; row++) {
            int first = row / group * group;
            int end = op.causal() ? row + 1 : first + group;
            heads.attend(q, row, k, v, IntStream.range(first, end).toArray(), y);
        }
        return result(y);
    }

    private HostTensor patches(Op.Patches op) {
        float[] x = floats(op.x());
        long[] from = results[op.x().id()].shape();
        int channels = (int) from[1];
        int side = (int) from[3];
        int perSide = side / op.patch();
        float[] y = new float[size()];
        for (int i = 0; i < y.length; i++) {
            int column = i % (int) shape[1];
            int row = i / (int) shape[1];
            int tile = row / (perSide * perSide);
            int channel = column / (op.patch() * op.patch());
            int line = row / perSide % perSide * op.patch() + column / op.patch() % op.patch();
            int dot = row % perSide * op.patch() + column % op.patch();
            y[i] = x[((tile * channels + channel) * side + line) * side + dot];
        }
        return result(y);
    }

    private HostTensor prependRow(Op.PrependRow op) {
        float[] x = floats(op.x());
        float[] row = floats(op.row());
        int group = (int) op.group() * row.length;
        float[] y = new float[size()];
        for (int from = 0, to = 0; from < x.length; from += group, to += group + row.length) {
            System.arraycopy(row, 0, y, to, row.length);
            System.arraycopy(x, from, y, to + row.length, group);
        }
        return result(y);
    }

    private HostTensor dropFirstRow(Op.DropFirstRow op) {
        float[] x = floats(op.x());
        int columns = columns(op.x());
        int group = (int) op.group() * columns;
        float[] y = new float[size()];
        for (int from = 0, to = 0; from < x.length; from += group, to += group - columns) {
            System.arraycopy(x, from + columns, y, to, group - columns);
        }
        return result(y);
    }

    private HostTensor concatColumns(Op.ConcatColumns op) {
        float[] y = new float[size()];
        int offset = 0;
        for (Value part : op.parts()) {
            float[] x = floats(part);
            int columns = columns(part);
            for (int row = 0; row < shape[0]; row++) {
                System.arraycopy(x, row * columns, y, row * (int) shape[1] + offset, columns);
            }
            offset += columns;
        }
        return result(y);
    }

    private HostTensor concatRows(Op.ConcatRows op) {
        float[] a = floats(op.a());
        float[] b = floats(op.b());
        float[] y = new float[size()];
        System.arraycopy(a, 0, y, 0, a.length);
        System.arraycopy(b, 0, y, a.length, b.length);
        return result(y);
    }

    private HostTensor map(Value x, DoubleUnaryOperator function) {
        float[] y = floats(x);
        for (int i = 0; i < y.length; i++) {
            y[i] = (float) function.applyAsDouble(y[i]);
        }
        return result(y);
    }

    /** A copy of the elements. */
    private float[] floats(Value value) {
        return results[value.id()].toFloats();
    }

    private int columns(Value value) {
        return (int) value.columns();
    }

    private int size() {
        return Math.toIntExact(HostTensor.elements(shape));
    }

    private HostTensor result(float[] values) {
        return HostTensor.ofFloats(values, shape);
    }
}
