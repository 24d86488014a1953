package org.llavacluster.worker.serve;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class OpenResourcesTest {

    private final List<String> closed = new ArrayList<>();
    private final OpenResources resources = new OpenResources();

    private void open(String name) {
        resources.add(() -> closed.add(name));
    }

    @Test
    void shouldCloseInReverseAndOnce() {
        open("backend");
        open("model");
        open("engine");
        resources.close();
        resources.close();
        assertThat(closed).containsExactly("engine", "model", "backend");
    }

    @Test
    void shouldLeaveOpenWhatMayStillBeInUse() {
        open("model");
        resources.add(() -> {
            throw new IllegalStateException("the engine still runs");
        });
        open("cache");
        resources.close();
        assertThat(closed).containsExactly("cache");
    }
}
