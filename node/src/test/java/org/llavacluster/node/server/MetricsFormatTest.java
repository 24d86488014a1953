package org.llavacluster.node.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MetricsFormatTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "-", textBlock = """
                    application/openmetrics-text | OPEN_METRICS
                    application/openmetrics-text; version=1.0.0 | OPEN_METRICS
                    application/openmetrics-text; version=1.0.0; charset=utf-8 | OPEN_METRICS
                    application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,application/openmetrics-text;version=0.0.1;q=0.5,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,text/plain;version=0.0.4;q=0.3,*/*;q=0.2 | OPEN_METRICS
                    application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited;q=0.7,text/plain;version=0.0.4;q=0.3,*/*;q=0.2 | TEXT
                    text/plain, application/openmetrics-text | TEXT
                    text/plain;q=0.5, application/openmetrics-text | OPEN_METRICS
                    application/openmetrics-text;version=9.0.0, text/plain;q=0.1 | TEXT
                    application/openmetrics-text;q=0, */*;q=0.1 | TEXT
                    text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8 | TEXT
                    */* | TEXT
                    TEXT/PLAIN | TEXT
                    application/json | -
                    text/plain;q=0 | -
                    text/plain;q=x | -
                    ;;,, | -
                    """)
    void shouldFindTheFormatThatAClientPrefers(String accept, MetricsFormat format) {
        assertThat(MetricsFormat.preferred(List.of(accept)).orElse(null)).isEqualTo(format);
    }

    @Test
    void shouldWriteTextWithoutAHeaderAndReadSeveral() {
        assertThat(MetricsFormat.preferred(List.of())).contains(MetricsFormat.TEXT);
        assertThat(MetricsFormat.preferred(List.of("application/json", "application/openmetrics-text")))
                .contains(MetricsFormat.OPEN_METRICS);
    }
}
