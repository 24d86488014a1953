package org.llavacluster.node.membership;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ChangeListenersTest {

    private final ChangeListeners listeners = new ChangeListeners();
    private final List<String> heard = new ArrayList<>();

    @Test
    void shouldCallListenersInTheOrderInWhichTheyWereAdded() {
        for (int i = 0; i < 12; i++) {
            String name = "listener " + i;
            listeners.add(() -> heard.add(name));
        }

        listeners.changed();

        assertThat(heard).hasSize(12).startsWith("listener 0", "listener 1").endsWith("listener 10", "listener 11");
    }

    @Test
    void shouldRemoveOneOfTwoEqualListeners() {
        Runnable same = () -> heard.add("same");
        Subscription first = listeners.add(same);
        listeners.add(same);

        first.close();
        first.close();
        listeners.changed();

        assertThat(heard).containsExactly("same");
    }

    @Test
    void shouldCallTheOthersAfterOneFailed() {
        listeners.add(() -> {
            throw new IllegalStateException("a broken listener");
        });
        listeners.add(() -> heard.add("next"));

        listeners.changed();

        assertThat(heard).containsExactly("next");
    }
}
