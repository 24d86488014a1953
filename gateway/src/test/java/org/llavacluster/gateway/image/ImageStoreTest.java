package org.llavacluster.gateway.image;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.llavacluster.node.time.SettableClock;

/** Holds the limits {@code GatewayProperties.IMAGE_STORE_BYTES} and {@code GatewayProperties.IMAGE_LIFETIME}. */
class ImageStoreTest {

    private static final Duration LIFETIME = Duration.ofMinutes(1);
    private static final String TENANT = "tenant";

    private final SettableClock clock = new SettableClock();
    private final ImageStore store = new ImageStore(100, LIFETIME, clock);

    private static StoredImage image(int number, int bytes) {
        byte[] file = new byte[bytes];
        file[0] = (byte) number;
        ByteString content = ByteString.copyFrom(file);
        return new StoredImage(ImageId.of(content), content, 1, 1, 1);
    }

    @Test
    void shouldKeepAnImageForItsLifetimeAndNotLonger() {
        StoredImage image = image(1, 10);
        store.put(TENANT, image);
        clock.advance(LIFETIME.minusNanos(1));
        assertThat(store.use(TENANT, image.id())).contains(image);
        clock.advance(LIFETIME.minusNanos(1));
        assertThat(store.use(TENANT, image.id())).contains(image);
        clock.advance(LIFETIME);
        assertThat(store.use(TENANT, image.id())).isEmpty();
        assertThat(store.bytes()).isZero();
    }

    @Test
    void shouldStartTheLifetimeAgainWhenAnImageIsPutAgain() {
        StoredImage image = image(1, 10);
        store.put(TENANT, image);
        clock.advance(LIFETIME.minusNanos(1));
        store.put(TENANT, image);
        clock.advance(LIFETIME.minusNanos(1));
        assertThat(store.use(TENANT, image.id())).contains(image);
        assertThat(store.bytes()).isEqualTo(10);
    }

    @Test
    void shouldMakeRoomByTheImageUnusedForLongest() {
        StoredImage first = image(1, 50);
        StoredImage second = image(2, 50);
        store.put(TENANT, first);
        store.put(TENANT, second);
        store.use(TENANT, first.id());
        StoredImage third = image(3, 50);
        store.put(TENANT, third);
        assertThat(store.use(TENANT, second.id())).isEmpty();
        assertThat(store.use(TENANT, first.id())).contains(first);
        assertThat(store.use(TENANT, third.id())).contains(third);
    }

    @Test
    void shouldKeepAnImageOfTheWholeSizeAndNoLargerOne() {
        StoredImage whole = image(1, 100);
        StoredImage larger = image(2, 101);
        store.put(TENANT, whole);
        store.put(TENANT, larger);
        assertThat(store.use(TENANT, whole.id())).contains(whole);
        assertThat(store.use(TENANT, larger.id())).isEmpty();
    }

    @Test
    void shouldGiveNoTenantTheImagesOfAnother() {
        StoredImage image = image(1, 40);
        store.put(TENANT, image);
        assertThat(store.use("other", image.id())).isEmpty();
        store.put("other", image);
        assertThat(store.bytes()).isEqualTo(80);
        clock.advance(LIFETIME.minusNanos(1));
        assertThat(store.use("other", image.id())).contains(image);
        clock.advance(Duration.ofNanos(1));
        assertThat(store.use(TENANT, image.id()))
                .as("the use of the other tenant does not prolong its lifetime")
                .isEmpty();
        assertThat(store.use("other", image.id())).contains(image);
    }

    @Test
    void shouldCountItsBytesThroughAnyUse() {
        long seed = 20_261_124;
        Random random = new Random(seed);
        Map<ImageId, StoredImage> put = new HashMap<>();
        for (int i = 0; i < 20_000; i++) {
            StoredImage image = image(random.nextInt(8), 1 + random.nextInt(4) * 15);
            switch (random.nextInt(3)) {
                case 0 -> {
                    store.put(TENANT, image);
                    put.put(image.id(), image);
                }
                case 1 -> store.use(TENANT, image.id());
                default -> clock.advance(Duration.ofSeconds(random.nextInt(30)));
            }
            // Checking for an image uses it, but the count of bytes must hold whatever is used.
            long bytes = put.values().stream()
                    .filter(candidate -> store.use(TENANT, candidate.id()).isPresent())
                    .mapToLong(candidate -> candidate.file().size())
                    .sum();
            assertThat(store.bytes())
                    .as("seed %d, step %d", seed, i)
                    .isEqualTo(bytes)
                    .isLessThanOrEqualTo(100);
        }
    }
}
