package org.llavacluster.gateway.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.grpc.ManagedChannel;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.llavacluster.gateway.image.ImageId;
import org.llavacluster.gateway.image.StoredImage;
import org.llavacluster.node.membership.Member;
import org.llavacluster.node.membership.MemberRole;
import org.llavacluster.node.metrics.AbandonedWork;
import org.llavacluster.node.metrics.Stage;
import org.llavacluster.node.time.SettableClock;
import org.llavacluster.scheduling.ClusterAction;
import org.llavacluster.scheduling.image.ImageSpec;
import org.llavacluster.scheduling.name.ContentDigest;

class EncodeBatchesTest {

    private static final Member NODE = new Member("vision-0", MemberRole.VISION, "127.0.0.1", 1);

    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    private final SettableClock clock = new SettableClock();
    private final ManagedChannel channel =
            InProcessChannelBuilder.forName("no node").build();
    private final DispatchedImage first = image(1);
    private final DispatchedImage second = image(2);
    private final EncodeBatches batches = new EncodeBatches(
            _ -> channel, Duration.ofMinutes(1), _ -> {}, new AbandonedWork(metrics, Stage.ENCODE), clock);

    @BeforeEach
    void start() {
        batches.hold(List.of(first, second));
        batches.start(
                new ClusterAction.Encode(7, NODE.id(), 1, List.of(first.spec(), second.spec())), Optional.of(NODE));
    }

    @AfterEach
    void close() {
        batches.close();
        channel.shutdownNow();
    }

    @Test
    void shouldCountTheTimeInWhichADroppedImageIsEncodedBesideOthers() {
        batches.drop(7, first.spec().featureKey());
        clock.advance(Duration.ofSeconds(3));
        batches.done(7, first.spec().featureKey());
        clock.advance(Duration.ofSeconds(5));
        batches.ended(7);
        assertThat(abandoned()).isEqualTo(3);
    }

    @Test
    void shouldCountUntilTheCallEnds() {
        batches.drop(7, second.spec().featureKey());
        clock.advance(Duration.ofSeconds(2));
        batches.ended(7);
        assertThat(abandoned()).isEqualTo(2);
    }

    @Test
    void shouldCountNothingWhereTheCallIsCancelledWithItsLastImage() {
        clock.advance(Duration.ofSeconds(2));
        batches.drop(7, first.spec().featureKey());
        batches.drop(7, second.spec().featureKey());
        clock.advance(Duration.ofSeconds(2));
        batches.ended(7);
        assertThat(abandoned()).isZero();
    }

    private double abandoned() {
        return metrics.get("llava.abandoned.work.seconds").counter().count();
    }

    private static DispatchedImage image(int number) {
        ByteString file = ByteString.copyFrom(new byte[] {(byte) number});
        StoredImage stored = new StoredImage(ImageId.of(file), file, 8, 8, 36);
        ByteString key = stored.id().digest();
        ImageSpec spec = new ImageSpec(ContentDigest.of(key.toByteArray()), 1, 36);
        return new DispatchedImage(spec, key, stored, "revision", "peer", "requester", "");
    }
}
