package org.llavacluster.engine.tensorflow;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.llavacluster.engine.DType;
import org.llavacluster.engine.KvLayout;
import org.llavacluster.engine.KvStep;

class KvTilesTest {

    private static final KvLayout LAYOUT = new KvLayout(1, 1, 2, 100, 4, DType.F32);

    @Test
    void shouldDescribeRowsCellsAndBlocks() {
        KvTiles tiles = tiles(part(5, 1, 9, 8), part(2, 3, 7, 6, 5));
        assertThat(tiles.height()).isEqualTo(3);
        assertThat(tiles.count()).isEqualTo(2);
        assertThat(tiles.slots()).containsExactly(8 * 4 + 1, 7 * 4 + 2, 7 * 4 + 3, 6 * 4);
        assertThat(tiles.blocks()).isEqualTo(2);
        assertThat(tiles.tables()).containsExactly(9, 8, 7, 6);
        assertThat(tiles.starts()).containsExactly(5, 2);
        assertThat(tiles.ends()).containsExactly(6, 5);
        assertThat(tiles.rowOfCell()).containsExactly(0, 0, 0, 1, 2, 3);
        assertThat(tiles.cellOfRow()).containsExactly(0, 3, 4, 5);
    }

    @Test
    void shouldLeaveEqualPartsWhole() {
        assertThat(tiles(part(0, 200, blocks(50))).height()).isEqualTo(200);
        KvTiles decode = tiles(part(3, 1, 0), part(2, 1, 1), part(0, 1, 2));
        assertThat(decode.height()).isEqualTo(1);
        assertThat(decode.count()).isEqualTo(3);
    }

    @Test
    void shouldCutAChunkThatComesWithSingleRows() {
        List<KvStep.Part> parts = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            parts.add(part(10, 1, blocks(3)));
        }
        parts.add(part(40, 200, blocks(60)));
        KvTiles tiles = tiles(parts.toArray(KvStep.Part[]::new));
        assertThat(tiles.height()).isEqualTo(32);
        assertThat(tiles.count()).isEqualTo(8 + 7);
        assertThat(tiles.starts()).endsWith(40, 72, 104, 136, 168, 200, 232);
        assertThat(tiles.ends()).endsWith(72, 104, 136, 168, 200, 232, 240);
        assertThat(tiles.slots()).hasSize(208);
    }

    private static KvTiles tiles(KvStep.Part... parts) {
        return new KvTiles(LAYOUT, new KvStep(List.of(parts)));
    }

    private static KvStep.Part part(int start, int rows, int... blocks) {
        return new KvStep.Part(start, rows, blocks);
    }

    private static int[] blocks(int count) {
        return IntStream.range(0, count).toArray();
    }
}
