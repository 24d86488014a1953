package org.llavacluster.gateway.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.llavacluster.node.config.PropertyException;

class ImageHostsTest {

    private final ImageHosts hosts = ImageHosts.parse("hosts", "Images.Example, cdn.example:8443");

    @Test
    void shouldAllowExactHostsAndPorts() {
        assertThat(hosts.allow("images.example", -1)).isTrue();
        assertThat(hosts.allow("IMAGES.EXAMPLE", 443)).isTrue();
        assertThat(hosts.allow("cdn.example", 8443)).isTrue();
        assertThat(hosts.allow("cdn.example", -1)).isFalse();
        assertThat(hosts.allow("images.example", 8443)).isFalse();
        assertThat(hosts.allow("a.images.example", -1)).isFalse();
        assertThat(hosts.allow("images.example.", -1)).isFalse();
        assertThat(hosts.allow("images.example.evil.example", -1)).isFalse();
        assertThat(ImageHosts.NONE.allow("images.example", -1)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"*", "*.example", "https://a.example", "a.example/path", "a b", "a.example:", ",", "[::1]"})
    void shouldNameThePropertyThatCannotBeUsed(String list) {
        assertThatThrownBy(() -> ImageHosts.parse("llava.gateway.image-hosts", list))
                .isInstanceOf(PropertyException.class)
                .hasMessageStartingWith("llava.gateway.image-hosts must be exact names of hosts");
    }
}
