package org.llavacluster.engine.simd.plan;

import java.util.List;
import org.llavacluster.engine.program.Op;
import org.llavacluster.engine.program.Value;

/** Operations that move elements without computing. */
final class RowSteps {

    private RowSteps() {}

    /** Rows of x [n, columns] by the index. */
    static PlannedStep gather(Value index, int columns, Slot x, Slot y) {
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

    static PlannedStep concatRows(Op.ConcatRows op, Slot a, Slot b, Slot y) {
        return run -> {
            int first = run.elements(op.a());
            int second = run.elements(op.b());
            float[] to = run.room(y, first + second);
            System.arraycopy(run.get(a), 0, to, 0, first);
            System.arraycopy(run.get(b), 0, to, first, second);
        };
    }

    static PlannedStep concatColumns(Op.ConcatColumns op, List<Slot> parts, int columns, Slot y) {
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

    static PlannedStep prependRow(Op.PrependRow op, Slot x, Slot row, Slot y) {
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

    static PlannedStep dropFirstRow(Op.DropFirstRow op, Slot x, Slot y) {
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

    static PlannedStep patches(Op.Patches op, Slot x, Slot y) {
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
