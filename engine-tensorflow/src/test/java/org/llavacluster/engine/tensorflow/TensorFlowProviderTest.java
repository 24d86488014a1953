package org.llavacluster.engine.tensorflow;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;
import org.llavacluster.engine.Backend;
import org.llavacluster.engine.BackendProvider;

class TensorFlowProviderTest {

    @Test
    void shouldBeFoundByItsName() {
        assertThat(ServiceLoader.load(BackendProvider.class)).singleElement().satisfies(provider -> {
            assertThat(provider.name()).isEqualTo("tensorflow");
            try (Backend backend = provider.open(1)) {
                assertThat(backend.name()).isEqualTo(provider.name());
            }
        });
    }
}
