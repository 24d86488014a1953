package org.llavacluster.vision.upload;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Holds the limit {@code FixedLimits.VISION_UPLOAD_BYTES}. */
class UploadBudgetTest {

    private final UploadBudget budget = new UploadBudget(100);
    private final List<String> granted = new ArrayList<>();

    private void ask(String name, UploadBudget.Share share) {
        share.ask(() -> granted.add(name));
    }

    @Test
    void shouldCountWhatCameAndNotWhatWasAnnounced() {
        for (int i = 0; i < 50; i++) {
            ask("silent " + i, budget.begin());
        }
        assertThat(granted).hasSize(50);
        assertThat(budget.used()).isZero();
    }

    @Test
    void shouldLetOnlyTheOldestGoOnAtTheLimit() {
        UploadBudget.Share oldest = budget.begin();
        UploadBudget.Share younger = budget.begin();
        oldest.came(50);
        younger.came(50);
        ask("younger", younger);
        ask("oldest", oldest);
        assertThat(granted).containsExactly("oldest");
        oldest.came(50);
        oldest.complete();
        assertThat(granted)
                .as("a whole file waits for memory: the next one may become whole")
                .containsExactly("oldest", "younger");
        oldest.close();
        younger.close();
        assertThat(budget.used()).isZero();
    }

    @Test
    void shouldGoOnWhenOthersGiveUp() {
        UploadBudget.Share first = budget.begin();
        UploadBudget.Share second = budget.begin();
        first.came(100);
        ask("second", second);
        assertThat(granted).isEmpty();
        first.close();
        assertThat(granted).containsExactly("second");
        second.close();
        second.came(7);
        assertThat(second.isComing()).isFalse();
        assertThat(budget.used()).isZero();
    }
}
