package org.llavacluster.gateway.image;

import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Optional;
import org.llavacluster.node.time.Clock;

/**
 * The images that clients may refer to by id, bounded in bytes. An image stays for a lifetime that starts again with
 * each use. It leaves earlier only if newer images need its room, the least recently used first. A request holds its
 * images itself, so eviction does not affect it.
 *
 * <p>Each tenant has its own images. An id can be computed from the file, so it must neither give a tenant the image of
 * another one nor say whether it is here. The bound is that of all tenants together.
 *
 * <p>The policy is least recently used rather than frequency-based: a frequency-based cache may reject a new entry, but
 * the id of an image that was just put must work.
 */
public final class ImageStore {

    private final long maxBytes;
    private final Duration lifetime;
    private final Clock clock;

    /** In order of use, the least recently used first. */
    private final LinkedHashMap<Name, Entry> entries = new LinkedHashMap<>(16, 0.75f, true);

    private long bytes;

    private record Name(String tenant, ImageId id) {}

    public ImageStore(long maxBytes, Duration lifetime, Clock clock) {
        if (maxBytes < 1 || !lifetime.isPositive()) {
            throw new IllegalArgumentException("image store of " + maxBytes + " bytes, lifetime " + lifetime);
        }
        this.maxBytes = maxBytes;
        this.lifetime = lifetime;
        this.clock = clock;
    }

    public Duration lifetime() {
        return lifetime;
    }

    /** Keeps the image, or starts its lifetime again. An image larger than the whole store is not kept. */
    public synchronized void put(String tenant, StoredImage image) {
        long now = clock.nanoTime();
        evictExpired(now);
        Name name = new Name(tenant, image.id());
        Entry known = entries.get(name);
        if (known != null) {
            known.usedAt = now;
            return;
        }
        long size = image.file().size();
        if (size > maxBytes) {
            return;
        }
        Iterator<Entry> oldest = entries.values().iterator();
        while (bytes + size > maxBytes) {
            bytes -= oldest.next().image.file().size();
            oldest.remove();
        }
        entries.put(name, new Entry(image, now));
        bytes += size;
    }

    /** The tenant's image, whose lifetime starts again; empty if the tenant has none of that id here. */
    public synchronized Optional<StoredImage> use(String tenant, ImageId id) {
        long now = clock.nanoTime();
        evictExpired(now);
        Entry entry = entries.get(new Name(tenant, id));
        if (entry == null) {
            return Optional.empty();
        }
        entry.usedAt = now;
        return Optional.of(entry.image);
    }

    public synchronized long bytes() {
        return bytes;
    }

    public synchronized int size() {
        return entries.size();
    }

    /** Entries are in order of use, so the expired ones come first. */
    private void evictExpired(long now) {
        Iterator<Entry> oldest = entries.values().iterator();
        while (oldest.hasNext()) {
            Entry entry = oldest.next();
            if (now - entry.usedAt < lifetime.toNanos()) {
                return;
            }
            bytes -= entry.image.file().size();
            oldest.remove();
        }
    }

    private static final class Entry {

        private final StoredImage image;
        private long usedAt;

        private Entry(StoredImage image, long usedAt) {
            this.image = image;
            this.usedAt = usedAt;
        }
    }
}
