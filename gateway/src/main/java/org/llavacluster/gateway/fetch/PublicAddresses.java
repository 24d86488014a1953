package org.llavacluster.gateway.fetch;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;

/**
 * The addresses of the public internet (IANA's special-purpose registries, RFC 6890 and its updates). Nothing is ever
 * fetched from other addresses, such as those of this machine, of its networks and of a cloud's metadata service.
 */
final class PublicAddresses {

    /** Address and length of the prefix. */
    private static final List<Block> SPECIAL_V4 = List.of(
            Block.v4(0, 0, 0, 0, 8),
            Block.v4(10, 0, 0, 0, 8),
            Block.v4(100, 64, 0, 0, 10),
            Block.v4(127, 0, 0, 0, 8),
            Block.v4(168, 63, 129, 16, 32), // the metadata service of Azure
            Block.v4(169, 254, 0, 0, 16),
            Block.v4(172, 16, 0, 0, 12),
            Block.v4(192, 0, 0, 0, 24),
            Block.v4(192, 0, 2, 0, 24),
            Block.v4(192, 88, 99, 0, 24),
            Block.v4(192, 168, 0, 0, 16),
            Block.v4(198, 18, 0, 0, 15),
            Block.v4(198, 51, 100, 0, 24),
            Block.v4(203, 0, 113, 0, 24),
            Block.v4(224, 0, 0, 0, 4),
            Block.v4(240, 0, 0, 0, 4));

    /**
     * The only IPv6 block assigned to the internet. Addresses in it with an embedded IPv4 address are excluded below.
     */
    private static final Block GLOBAL_V6 = new Block(new byte[] {0x20}, 3);

    private static final List<Block> SPECIAL_V6 = List.of(
            new Block(new byte[] {0x20, 0x01, 0x00, 0x00}, 23),
            new Block(new byte[] {0x20, 0x01, 0x0d, (byte) 0xb8}, 32),
            new Block(new byte[] {0x20, 0x02}, 16),
            new Block(new byte[] {0x3f, (byte) 0xff, 0x00}, 20));

    private PublicAddresses() {}

    /** Java returns an IPv4 address mapped into IPv6 as the IPv4 address. */
    static boolean contain(InetAddress address) {
        byte[] bytes = address.getAddress();
        return address instanceof Inet4Address
                ? SPECIAL_V4.stream().noneMatch(block -> block.contains(bytes))
                : GLOBAL_V6.contains(bytes) && SPECIAL_V6.stream().noneMatch(block -> block.contains(bytes));
    }

    private record Block(byte[] prefix, int bits) {

        static Block v4(int a, int b, int c, int d, int bits) {
            return new Block(new byte[] {(byte) a, (byte) b, (byte) c, (byte) d}, bits);
        }

        boolean contains(byte[] address) {
            int whole = bits / 8;
            if (Arrays.mismatch(prefix, 0, whole, address, 0, whole) >= 0) {
                return false;
            }
            int mask = 0xff << (8 - bits % 8) & 0xff;
            return bits % 8 == 0 || (prefix[whole] & mask) == (address[whole] & mask);
        }
    }
}
