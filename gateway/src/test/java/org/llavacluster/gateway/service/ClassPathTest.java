package org.llavacluster.gateway.service;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The gateway computes no tensors, so no tensor library is shipped with it. */
class ClassPathTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "org/tensorflow/TensorFlow.class",
                "org/llavacluster/engine/Backend.class",
                "org/llavacluster/model/checkpoint/Checkpoint.class"
            })
    void shouldHaveNoTensorEngine(String resource) {
        assertThat(getClass().getClassLoader().getResource(resource)).isNull();
    }
}
