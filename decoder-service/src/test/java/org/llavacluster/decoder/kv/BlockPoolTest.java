package org.llavacluster.decoder.kv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Holds the limit {@code DecoderProperties.KV_TOKENS}. */
class BlockPoolTest {

    private static final int BLOCK_TOKENS = 2;
    private static final OpaqueKey SALT = new OpaqueKey(new byte[] {1});

    private final PrefixCache prefixes = new PrefixCache(4);
    private final BlockPool pool = new BlockPool(4, prefixes);

    @Test
    void shouldPromiseNoMoreThanThereIs() {
        BlockTable first = table(SALT);
        first.reserve(6);
        BlockTable second = table(SALT);
        assertThat(second.canReserve(2)).isTrue();
        assertThat(second.canReserve(3)).isFalse();
        assertThatThrownBy(() -> second.reserve(3)).isInstanceOf(IllegalStateException.class);
        second.grow(2);
        assertThat(second.canGrow(3)).isFalse();
        first.grow(6);
        assertThat(pool.free()).isZero();
        first.release();
        second.release();
        assertThat(pool.free()).isEqualTo(4);
        pool.check();
    }

    @Test
    void shouldFindBlocksByContentAfterTheSamePrefixOnly() {
        computed(SALT, tokens(1, 2), tokens(3, 4)).release();
        assertThat(pool.cached()).isEqualTo(2);

        BlockTable same = table(SALT);
        assertThat(same.adopt(tokens(1, 2))).isTrue();
        assertThat(same.adopt(tokens(1, 2))).isFalse();
        assertThat(same.adopt(tokens(3, 4))).isTrue();
        assertThat(table(SALT).adopt(tokens(3, 4))).isFalse();
        assertThat(table(new OpaqueKey(new byte[] {2})).adopt(tokens(1, 2))).isFalse();
        same.release();
        pool.check();
    }

    @Test
    void shouldTellImagesApartFromOneAnotherAndFromTokens() {
        OpaqueKey image = new OpaqueKey(new byte[] {7});
        OpaqueKey other = new OpaqueKey(new byte[] {8});
        int[] rows = {BlockContent.imageCell(0), BlockContent.imageCell(1)};
        computed(SALT, new BlockContent(rows, List.of(image))).release();
        assertThat(table(SALT).adopt(new BlockContent(rows, List.of(other)))).isFalse();
        assertThat(table(SALT).adopt(new BlockContent(rows, List.of()))).isFalse();
        assertThat(table(SALT).adopt(tokens(0, 1))).isFalse();
        assertThat(table(SALT).adopt(new BlockContent(rows, List.of(new OpaqueKey(new byte[] {7})))))
                .isTrue();
    }

    @Test
    void shouldTakeTheLeastRecentlyUsedLeafWhenNoBlockIsFree() {
        computed(SALT, tokens(1, 1), tokens(2, 2)).release();
        computed(SALT, tokens(1, 1), tokens(3, 3)).release();
        BlockTable all = table(SALT);
        all.grow(2 * BLOCK_TOKENS);
        // One was free; of (1), (1 2) and (1 3) the second is the oldest leaf.
        assertThat(find(tokens(1, 1), tokens(2, 2))).isFalse();
        assertThat(find(tokens(1, 1), tokens(3, 3))).isTrue();
        all.release();
        pool.check();
    }

    @Test
    void shouldGoOnWithTheTwinOfABlockComputedTwice() {
        BlockTable first = computed(SALT, tokens(1, 2));
        BlockTable second = table(SALT);
        second.grow(2);
        assertThat(pool.used()).isEqualTo(2);
        second.seal(tokens(1, 2));
        assertThat(second.blocks()).isEqualTo(first.blocks());
        assertThat(pool.used()).isEqualTo(1);
        first.release();
        assertThat(pool.used()).isEqualTo(1);
        second.release();
        assertThat(pool.cached()).isEqualTo(1);
        pool.check();
    }

    @Test
    void shouldNotReleaseABlockTwice() {
        int block = pool.take(false);
        pool.release(block);
        assertThatThrownBy(() -> pool.release(block)).isInstanceOf(IllegalStateException.class);
    }

    private boolean find(BlockContent... contents) {
        BlockTable table = table(SALT);
        boolean found = true;
        for (BlockContent content : contents) {
            found = found && table.adopt(content);
        }
        table.release();
        return found;
    }

    /** A table of blocks computed one after the other. */
    private BlockTable computed(OpaqueKey salt, BlockContent... contents) {
        BlockTable table = table(salt);
        for (int i = 0; i < contents.length; i++) {
            if (!table.adopt(contents[i])) {
                table.grow((i + 1) * BLOCK_TOKENS);
                table.seal(contents[i]);
            }
        }
        return table;
    }

    private BlockTable table(OpaqueKey salt) {
        return new BlockTable(pool, prefixes, BLOCK_TOKENS, salt);
    }

    private static BlockContent tokens(int... ids) {
        return new BlockContent(ids, List.of());
    }
}
