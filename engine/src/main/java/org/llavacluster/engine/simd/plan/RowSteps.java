package org.llavacluster.engine.simd.plan;

import java.util.List;
import org.llavacluster.engine.program.Op;
import org.llavacluster.engine.program.Value;

/** Operations that only move elements. */
final class RowSteps {

    private RowSteps() {}

    /** Rows of x [n, columns] by the index. */
    static Step gather(Value index, int columns, Place x, Place y) {
        return run -> {
            int rows = run.rows(index);
            int[] wanted = run.ints(index);
            float[] from = run.get(x);
            float[] to = run.room(y, rows * columns);
            for (int row = 0; row < rows; row++) {
                System.arraycopy(from, wanted[row] * columns, to, row * columns, columns);
            }
        };
    }

    static Step concatRows(Op.ConcatRows op, Place a, Place b, Place y) {
        return run -> {
            int first = run.elements(op.a());
            int second = run.elements(op.b());
            float[] to = run.room(y, first + second);
            System.arraycopy(run.get(a), 0, to, 0, first);
            System.arraycopy(run.get(b), 0, to, first, second);
        };
    }

    static Step concatColumns(Op.ConcatColumns op, List<Place> parts, int columns, Place y) {
        return run -> {
            int rows = run.rows(op.parts().getFirst());
            float[] to = run.room(y, rows * columns);
            int at = 0;
            for (int i = 0; i < parts.size(); i++) {
                int wide = (int) op.parts().get(i).columns();
                float[] from = run.get(parts.get(i));
                for (int row = 0; row < rows; row++) {
                    System.arraycopy(from, row * wide, to, row * columns + at, wide);
                }
                at += wide;
            }
        };
    }

    static Step prependRow(Op.PrependRow op, Place x, Place row, Place y) {
        int columns = (int) op.x().columns();
        int group = Math.toIntExact(op.group()) * columns;
        return run -> {
            int groups = run.elements(op.x()) / group;
            float[] from = run.get(x);
            float[] first = run.get(row);
            float[] to = run.room(y, groups * (group + columns));
            for (int i = 0; i < groups; i++) {
                System.arraycopy(first, 0, to, i * (group + columns), columns);
                System.arraycopy(from, i * group, to, i * (group + columns) + columns, group);
            }
        };
    }

    static Step dropFirstRow(Op.DropFirstRow op, Place x, Place y) {
        int columns = (int) op.x().columns();
        int group = Math.toIntExact(op.group()) * columns;
        return run -> {
            int groups = run.elements(op.x()) / group;
            float[] from = run.get(x);
            float[] to = run.room(y, groups * (group - columns));
            for (int i = 0; i < groups; i++) {
                System.arraycopy(from, i * group + columns, to, i * (group - columns), group - columns);
            }
        };
    }

    static Step patches(Op.Patches op, Place x, Place y) {
        int patch = op.patch();
        return run -> {
            long[] shape = run.shape(op.x());
            int planes = Math.toIntExact(shape[0] * shape[1]);
            int channels = (int) shape[1];
            int side = (int) shape[3];
            int perSide = side / patch;
            int columns = channels * patch * patch;
            float[] from = run.get(x);
            float[] to = run.room(y, planes * side * side);
            for (int line = 0; line < planes * side; line++) {
                int plane = line / side;
                int inPlane = line % side;
                int firstRow = plane / channels * perSide * perSide + inPlane / patch * perSide;
                int column = (plane % channels * patch + inPlane % patch) * patch;
                for (int i = 0; i < perSide; i++) {
                    System.arraycopy(from, line * side + i * patch, to, (firstRow + i) * columns + column, patch);
                }
            }
        };
    }
}
