package org.llavacluster.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.Map;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.llavacluster.node.config.PropertyException;
import org.llavacluster.node.config.Settings;
import org.llavacluster.node.time.Clock;

class KubernetesMembershipSourceTest {

    private final ScheduledThreadPoolExecutor timers = new ScheduledThreadPoolExecutor(1);

    @AfterEach
    void stop() {
        timers.shutdownNow();
    }

    private boolean opens(Map<String, String> properties) {
        Settings settings = new Settings(new SmallRyeConfigBuilder()
                .withSources(new PropertiesConfigSource(properties, "test", 100))
                .build());
        return new KubernetesMembershipSource()
                .open(settings, timers, Clock.SYSTEM)
                .map(membership -> {
                    membership.close();
                    return true;
                })
                .orElse(false);
    }

    @Test
    void shouldOpenIfAPrefixIsSet() {
        assertThat(opens(Map.of())).isFalse();
        assertThat(opens(Map.of("llava.members", "members.json"))).isFalse();
        assertThat(opens(Map.of("llava.kubernetes.service-prefix", "llava", "llava.kubernetes.namespace", "shop")))
                .isTrue();
    }

    @Test
    void shouldRefuseTwoSourcesOfMembersAndNamesThatKubernetesDoesNotHave() {
        assertThatThrownBy(() ->
                        opens(Map.of("llava.kubernetes.service-prefix", "llava", "llava.members", "members.json")))
                .isInstanceOf(PropertyException.class)
                .hasMessage("llava.kubernetes.service-prefix and llava.members must not both be set: one of them names"
                        + " the members");
        assertThatThrownBy(() -> opens(Map.of("llava.kubernetes.service-prefix", "Llava")))
                .isInstanceOf(PropertyException.class)
                .hasMessageContaining("llava.kubernetes.service-prefix must be 1 to 53");
    }
}
