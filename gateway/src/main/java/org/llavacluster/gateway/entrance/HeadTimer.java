package org.llavacluster.gateway.entrance;

/** Receives from a protocol's guard when the head of a request begins and ends, and how many requests are running. */
interface HeadTimer {

    /** A head has begun; ignored if one had already. */
    void headBegins();

    void headIsWhole();

    void requests(int underWay);
}
