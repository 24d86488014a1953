package org.llavacluster.systemtest;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.llavacluster.systemtest.harness.ChatClient;
import org.llavacluster.systemtest.harness.Launcher;
import org.llavacluster.systemtest.harness.OpenMetricsPage;
import org.llavacluster.systemtest.harness.RunningCluster;

/** Scrapers that ask for OpenMetrics get valid pages of every process. */
class OpenMetricsTest {

    private static final String OPEN_METRICS = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    private static final List<String> PROMETHEUS = List.of(
            "application/openmetrics-text",
            "application/openmetrics-text;version=1.0.0;q=0.5,application/openmetrics-text;version=0.0.1;q=0.4,"
                    + "text/plain;version=0.0.4;q=0.3,*/*;q=0.2");

    @Test
    void shouldServeOpenMetrics() throws Exception {
        try (RunningCluster cluster = RunningCluster.up(Launcher.fixture("llava-1.5-tiny"), "--engine=simd");
                HttpClient http = HttpClient.newHttpClient()) {
            cluster.client().chat(ChatClient.raw("fox", 4).build());
            for (String service : List.of("gateway-0", "decoder-0", "vision-0", "projector-0")) {
                for (String path : List.of("/metrics", "/q/metrics")) {
                    for (String accept : PROMETHEUS) {
                        HttpResponse<String> page = get(http, cluster, service, path, accept);
                        assertThat(page.statusCode()).as("%s %s", service, path).isEqualTo(200);
                        assertThat(page.headers().firstValue("content-type"))
                                .as("%s %s for %s", service, path, accept)
                                .contains(OPEN_METRICS);
                        assertThat(OpenMetricsPage.faults(page.body()))
                                .as(service)
                                .isEmpty();
                    }
                    assertThat(get(http, cluster, service, path, "text/plain")
                                    .headers()
                                    .firstValue("content-type"))
                            .hasValueSatisfying(type -> assertThat(type).startsWith("text/plain"));
                    assertThat(get(http, cluster, service, path, "application/json")
                                    .statusCode())
                            .isEqualTo(406);
                }
            }
        }
    }

    @Test
    void shouldServeProbesAndTheLatencyOfCallsInEveryProcess() throws Exception {
        try (RunningCluster cluster = RunningCluster.up(Launcher.fixture("llava-1.5-tiny"), "--engine=simd");
                HttpClient http = HttpClient.newHttpClient()) {
            cluster.client().chat(ChatClient.raw("fox", 4).build());
            for (String service : List.of("gateway-0", "decoder-0", "vision-0", "projector-0")) {
                for (String path : List.of("/health", "/health/live", "/health/ready", "/health/started")) {
                    HttpResponse<String> shown = get(http, cluster, service, path, "*/*");
                    assertThat(shown.statusCode()).as("%s %s", service, path).isEqualTo(200);
                    assertThat(shown.body()).as("%s %s", service, path).contains("UP");
                    HttpResponse<String> head = http.send(
                            HttpRequest.newBuilder(
                                            cluster.service(service).http().resolve(path))
                                    .HEAD()
                                    .build(),
                            HttpResponse.BodyHandlers.ofString());
                    assertThat(head.statusCode())
                            .as("HEAD %s %s", service, path)
                            .isEqualTo(200);
                }
                assertThat(get(http, cluster, service, "/metrics", "text/plain").body())
                        .as(service)
                        .containsPattern("llava_grpc_seconds_bucket\\{[^}]*method=");
            }
        }
    }

    private static HttpResponse<String> get(
            HttpClient http, RunningCluster cluster, String service, String path, String accept) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(
                        cluster.service(service).http().resolve(path))
                .header("Accept", accept)
                .build();
        return http.send(request, HttpResponse.BodyHandlers.ofString());
    }

    /** The reader that the test above relies on takes no page that is broken. */
    @ParameterizedTest
    @CsvSource(delimiter = '#', quoteCharacter = '`', textBlock = """
                    ! TYPE a gauge|a 1                                            # does not end in
                    ! TYPE a gauge|a 1||! EOF                                     # no line of OpenMetrics
                    a 1|! EOF                                                     # not under its family
                    ! TYPE a counter|a 1|! EOF                                    # no sample of a counter
                    ! TYPE a counter|a_total -1|! EOF                             # -1 of a counter
                    ! TYPE a gauge|a{x="1" 1|! EOF                                # no line of OpenMetrics
                    ! TYPE a gauge|a{x=1} 1|! EOF                                 # labels cannot be read
                    ! TYPE a gauge|a{x="1",x="2"} 1|! EOF                         # label x twice
                    ! TYPE a gauge|a 1|a 2|! EOF                                  # twice
                    ! TYPE a gauge|a one|! EOF                                    # no number
                    ! TYPE a gauge|a 1|! TYPE b gauge|b 1|! HELP a x|! EOF        # not together
                    ! TYPE a timer|a 1|! EOF                                      # unknown type
                    ! TYPE a gauge|a 1|! EOF                                      # no help
                    ! TYPE a gauge|! HELP a  |a 1|! EOF                           # no help
                    ! TYPE a_time_ns counter|a_time_ns_total 1|! EOF              # an abbreviated unit
                    ! TYPE a_count gauge|a_count 1|! EOF                          # part of a histogram
                    ! TYPE a_total gauge|a_total 1|! EOF                          # counter's sample
                    ! TYPE a histogram|a_bucket{le="1"} 2|a_bucket{le="+Inf"} 1|a_count 1|! EOF # less than the bucket
                    ! TYPE a histogram|a_bucket{le="+Inf"} 2|a_count 1|! EOF      # is not the count
                    """)
    void shouldTellBrokenPages(String page, String fault) {
        assertThat(OpenMetricsPage.faults(page.replace("|", "\n").replace("!", "#")))
                .anySatisfy(found -> assertThat(found).contains(fault));
    }
}
