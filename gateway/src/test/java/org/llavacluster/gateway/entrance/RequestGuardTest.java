package org.llavacluster.gateway.entrance;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.llavacluster.node.config.FixedLimits;
import org.llavacluster.node.metrics.RefusalMetrics;
import org.llavacluster.node.time.Clock;

/** Holds the limit {@code FixedLimits.HTTP_PIPELINED}. */
class RequestGuardTest {

    private static final int MOST = FixedLimits.HTTP_PIPELINED.intValue();

    private final HeadTimer timer = new HeadTimer() {
        @Override
        public void headBegins() {}

        @Override
        public void headIsWhole() {}

        @Override
        public void requests(int underWay) {}
    };
    private final EmbeddedChannel channel = new EmbeddedChannel(new RequestGuard(
            new EntranceRules(
                    Duration.ofMinutes(1),
                    Duration.ofMinutes(1),
                    new RefusalMetrics(new SimpleMeterRegistry()),
                    Clock.SYSTEM),
            timer));

    /** Whether a request is passed on. */
    private boolean passes() {
        FullHttpRequest request = new DefaultFullHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, "/v1/models");
        request.headers().set("host", "gateway");
        channel.writeInbound(request);
        FullHttpRequest passed = channel.readInbound();
        if (passed != null) {
            passed.release();
        }
        return passed != null;
    }

    private void answer() {
        channel.writeOutbound(new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK));
    }

    @Test
    void shouldTakeAsManyRequestsBeforeTheirAnswersAsTheLimitAndNotOneMore() {
        for (int i = 1; i <= MOST; i++) {
            assertThat(passes()).as("request " + i).isTrue();
        }
        answer();
        assertThat(passes()).as("one was answered").isTrue();
        assertThat(passes()).as("one more").isFalse();
        FullHttpResponse first = channel.readOutbound();
        assertThat(first.status()).isEqualTo(HttpResponseStatus.OK);
        for (int i = 0; i < MOST; i++) {
            answer();
        }
        FullHttpResponse last = null;
        for (FullHttpResponse next = channel.readOutbound(); next != null; next = channel.readOutbound()) {
            last = next;
        }
        assertThat(last.status()).isEqualTo(HttpResponseStatus.BAD_REQUEST);
        assertThat(channel.isOpen()).isFalse();
    }
}
